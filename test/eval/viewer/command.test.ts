import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RunningCommand, runCommand, startCommand } from '../../helpers/command.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { trajectory, writeRun } from '../run-report/run-fixture.ts';

/** `gem-traj view` at work and the address that it printed. */
async function startView(run: string): Promise<{ view: RunningCommand; url: URL }> {
  const env = { XDG_CACHE_HOME: await temporaryFolder() };
  const view = startCommand(['view', run, '--port', '0'], { env });
  onTestFinished(() => view.kill('SIGKILL'));
  await expect.poll(() => view.output().stdout, { timeout: 30_000 }).toMatch(/token=\S+\n/);
  return { view, url: new URL(view.output().stdout.trim()) };
}

describe('gem-traj view', () => {
  it('prints an address with a token, serves nobody without it, and ends with Ctrl-C', async () => {
    const { view, url } = await startView(await writeRun({ accepted: [trajectory('a1')] }));
    expect(url.hostname).toBe('127.0.0.1');
    expect(url.searchParams.get('token')).toMatch(/^[\w-]{32}$/);
    expect((await fetch(`${url.origin}/`)).status).toBe(403);
    expect((await fetch(`${url.origin}/?token=wrong`)).status).toBe(403);
    expect((await fetch(`${url.origin}/api/list`)).status).toBe(403);
    const entry = await fetch(url, { redirect: 'manual' });
    expect([entry.status, entry.headers.get('location')]).toEqual([303, '/']);
    const cookie = entry.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await fetch(`${url.origin}/`, { headers: { cookie } });
    expect(page.headers.get('content-type')).toContain('text/html');
    const list = await fetch(`${url.origin}/api/list`, { headers: { cookie } });
    expect(await list.json()).toMatchObject({ total: 1, rows: [{ id: 'a1' }] });
    view.kill('SIGINT');
    const { exitCode, signal, stderr } = await view.finished;
    expect([exitCode, signal]).toEqual([0, null]);
    expect(stderr).not.toContain('Error');
  });

  it('says that a port is taken, and what to do', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const run = await writeRun({ accepted: [trajectory('a1')] });
    const { exitCode, stderr } = await runCommand(['view', run, '--port', port]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`gem-traj: --port ${port} is in use; give another, or 0 for a free one\n`);
  });

  it('says that a finished run has no row', async () => {
    const { exitCode, stderr } = await runCommand(['view', await writeRun({})]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/no rows?/);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
