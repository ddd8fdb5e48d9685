import { onTestFinished } from 'vitest';
import { answerOffline } from '../../synth/offline/teacher.ts';
import { answer } from './model-actions.ts';
import { type ModelServer, type Script, startModelServer } from './model-server.ts';

/** A script that answers like the offline teacher, each answer after some milliseconds. */
function taughtScript(delayMs = 0, defectRate = 0): Script {
  return ({ body }) => {
    const seed = typeof body.seed === 'number' ? body.seed : 0;
    const request = { messages: body.messages, seed, response_format: body.response_format };
    const text = answerOffline(request, { size: 'compact', defectRate, seed: 0 });
    return { kind: 'delay', ms: delayMs, followedBy: answer(text) };
  };
}

/** The offline teacher behind the scriptable server, with something done to its answers; closed after the test. */
export async function taughtServer(
  change: (script: Script) => Script = (script) => script,
  delayMs = 0,
  defectRate = 0,
): Promise<ModelServer> {
  const server = await startModelServer(change(taughtScript(delayMs, defectRate)));
  onTestFinished(() => server.close());
  return server;
}
