import { z } from 'zod';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import type { ChatMessage, ModelRequest, ResponseFormat } from '../../core/llm/request.ts';

/** What a batch's line does not say of its request, and where that line stands in the input file. */
export const AboutLine = z.object({
  key: z.string(),
  stage: z.string(),
  passage: z.string(),
  sample_index: z.number(),
  retry: z.number(),
  sampling: z.record(z.string(), z.number()),
  offset: z.number(),
  length: z.number(),
});
export type AboutLine = z.infer<typeof AboutLine>;

export function aboutLine(
  key: string,
  { stage, passage, sampleIndex, retry, sampling }: ModelRequest,
  place: { offset: number; length: number },
): AboutLine {
  const { offset, length } = place;
  const numbers = { sample_index: sampleIndex, retry, sampling: { ...sampling } };
  return { key, stage, passage, ...numbers, offset, length };
}

const InputLine = z.object({
  body: z.object({
    messages: z.array(
      z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }),
    ),
    response_format: z.custom<ResponseFormat>().optional(),
  }),
});

/** The request that a line of a batch was made from. @param line of the input file, parsed */
export function requestOfLine(
  line: unknown,
  about: AboutLine,
  endpoint: NamedEndpoint,
): ModelRequest {
  const { body } = InputLine.parse(line);
  const messages: ChatMessage[] = body.messages;
  return {
    stage: about.stage,
    passage: about.passage,
    endpoint,
    messages,
    sampling: about.sampling,
    responseFormat: body.response_format,
    sampleIndex: about.sample_index,
    retry: about.retry,
  };
}
