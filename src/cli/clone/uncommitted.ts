/** Sentences about a work tree that differs from HEAD, which commands read. */
export const uncommitted = {
  alreadyWritten: 'the work tree holds the edit already; it is not committed yet',
  notLookedAt: (file: string): string => `${file} has uncommitted changes, which are not looked at`,
}
