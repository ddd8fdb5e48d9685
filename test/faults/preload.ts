/** NODE_OPTIONS that run some JavaScript in a process before its program. */
export const preload = (code: string): string =>
  `--import=data:text/javascript,${encodeURIComponent(code)}`;
