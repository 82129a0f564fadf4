/** Line breaks, control characters and directives that go-yaml and the yaml package read differently. */
const differences: readonly Readonly<{ pattern: RegExp; reason: string }>[] = [
  { pattern: /\r(?!\n)/, reason: 'a lone carriage return is a line break for kustomize only' },
  {
    pattern: /[\u0085\u2028\u2029]/,
    reason: 'a Unicode line separator is a line break for kustomize only',
  },
  {
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    pattern: /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/,
    reason: 'it holds a control character, which kustomize does not allow',
  },
  { pattern: /^%YAML/m, reason: 'kustomize reads no %YAML directive' },
  {
    pattern: /^[ ]*\t|^ *-\t/m,
    reason: 'it is indented with a tab, which kustomize does not allow',
  },
]

/**
 * Where Go's YAML reader would see something else than ours, so that neither finding nor editing is safe;
 * undefined when both agree. The line counts from 1.
 */
export const unlikeGo = (text: string): Readonly<{ line: number; reason: string }> | undefined => {
  for (const { pattern, reason } of differences) {
    const found = pattern.exec(text)
    if (found) return { line: text.slice(0, found.index).split('\n').length, reason }
  }
  return undefined
}
