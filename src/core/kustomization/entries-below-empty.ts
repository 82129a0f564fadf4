/** A list that says `[]` though entries follow it; lines count from 1. */
export type BelowEmpty = Readonly<{ key: string; line: number; entry: number }>

/**
 * Finds the first list of a kustomization that says `[]` though entries follow it, as when somebody puts a cluster
 * below a list that a detach has emptied. git merges such an edit without a conflict, and no YAML reader takes the
 * file then. Null where there is none.
 */
export const entriesBelowEmpty = (text: string): BelowEmpty | null => {
  const lines = text.split(/\r\n|\r|\n/)
  for (const [at, line] of lines.entries()) {
    const [, key] = /^(\w+)[ \t]*:[ \t]*\[[ \t]*\][ \t]*(?:#.*)?$/.exec(line) ?? []
    if (key === undefined) continue
    const next = lines.findIndex((below, index) => index > at && !/^[ \t]*(?:#.*)?$/.test(below))
    if (/^[ \t]*-(?:[ \t]|$)/.test(lines[next] ?? '')) return { key, line: at + 1, entry: next + 1 }
  }
  return null
}

/** Says so, and what to do about it. */
export const sayBelowEmpty = ({
  key,
  line,
  entry,
}: BelowEmpty): Readonly<{ reason: string; fix: string }> => ({
  reason: `line ${line} of the kustomization says \`${key}: []\`, and an entry follows in line ${entry}`,
  fix: 'take out the `[]`; the entries stay as they are',
})
