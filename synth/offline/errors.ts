/** A request that the offline teacher has no answer to; its message says why. */
export class OfflineTeacherError extends Error {
  override readonly name = 'OfflineTeacherError';
}
