// A viewer of a folder, until SIGINT: what the benchmark of view asks.
import { once } from 'node:events';
import { startViewer } from '../../eval/viewer/viewer.ts';

const viewer = await startViewer([process.argv[2] ?? ''], { port: 0, format: 'auto' });
process.stdout.write(`${viewer.url}\n`);
await once(process, 'SIGINT');
await viewer.close();
