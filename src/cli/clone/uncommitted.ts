/** Sentences about a work tree that differs from HEAD, which commands read. */
export const uncommitted = {
  alreadyWritten: 'the work tree holds the edit already; it is not committed yet',
  notLookedAt: (file: string): string => `${file} has uncommitted changes, which are not looked at`,
  leftOtherwise: (files: readonly string[]): string =>
    `the commit holds what was proven, but a hook has changed ${files.join(', ')} in the index or the work tree since: see \`git status\` before you commit again`,
}
