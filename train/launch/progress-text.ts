import type { Seen } from './tracker.ts';

/** One line for people: step, loss, speed, time left. */
export function progressText(seen: Seen): string {
  const { steps, loss, learningRate, tokensPerSecond, secondsLeft, peakMemoryGb } = seen;
  const parts = [
    `step ${steps.done}${steps.all === null ? '' : ` of ${steps.all}`}`,
    seen.isBroken
      ? 'loss is no number: the training has come apart'
      : loss.last === null
        ? null
        : `loss ${loss.last.toPrecision(4)}`,
    learningRate === null ? null : `rate ${learningRate.toExponential(1)}`,
    tokensPerSecond === null
      ? null
      : `${seen.isTokensEstimated ? 'about ' : ''}${Math.round(tokensPerSecond).toLocaleString('en-US')} tokens/s`,
    peakMemoryGb === null ? null : `${peakMemoryGb.toFixed(1)} GB`,
    secondsLeft === null ? null : `${readableTime(secondsLeft)} left`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`. */
function readableTime(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
