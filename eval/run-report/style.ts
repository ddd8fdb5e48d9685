import { PAGE_STYLE } from './style-page.ts';
import { SAMPLE_STYLE } from './style-samples.ts';

/** Colours and letters for light and dark; everything else refers to them. */
const TOKENS = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --panel: #f4f2ec; --ink: #20252b; --dim: #5c646e; --line: #dedad0;
  --accent: #1d6070; --accent-soft: #d9e7e8; --column: #7ba5ad; --station: #1d6070; --bad: #a23a28; --bad-soft: #f6e3de;
  --warn: #7d5900; --warn-soft: #f7ecd0; --good: #2c6a3b; --mark: #fae7a4; --paper-mark: #a2561c;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, P052, "Source Serif 4", Georgia, "Noto Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --panel: #1c2024; --ink: #e3e1da; --dim: #9da4ab; --line: #30363c;
    --accent: #86c5d0; --accent-soft: #1f3238; --column: #4f8591; --station: #5d9dab; --bad: #f09583; --bad-soft: #3a221e;
    --warn: #e2b862; --warn-soft: #362c16; --good: #8fcb9d; --mark: #51461d; --paper-mark: #e5a46f;
  }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --panel: #f6f5f2; --ink: #000; --dim: #444; --line: #bbb;
    --accent: #1d6070; --accent-soft: #e4eeef; --column: #7ba5ad; --station: #1d6070; --bad: #8a2f1f; --bad-soft: #fff;
    --warn: #6b4c00; --warn-soft: #fff; --good: #1f5a2e; --mark: #f3e3a8; --paper-mark: #8a4612;
  }
}
`;

/** The whole style sheet of a report. */
export const STYLE: string = TOKENS + PAGE_STYLE + SAMPLE_STYLE;
