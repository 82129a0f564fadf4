import type { BareRepository } from './bare-repository.ts'

/** One file that differs between two commits, counted as GitHub counts. */
export type ChangedFile = Readonly<{
  path: string
  previousPath: string | null
  status: 'added' | 'removed' | 'modified' | 'renamed'
  blob: string
  additions: number
  deletions: number
  patch: string | null
}>

/** The tree without entries, which every git repository knows. */
export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

const statusOf = (letter: string): ChangedFile['status'] => {
  if (letter === 'A') return 'added'
  if (letter === 'D') return 'removed'
  return letter === 'R' ? 'renamed' : 'modified'
}

const patchesOf = (diff: string): (string | null)[] =>
  diff
    .split(/^diff --git /m)
    .slice(1)
    .map(part => {
      const start = part.indexOf('\n@@')
      return start < 0 ? null : part.slice(start + 1).trimEnd()
    })

/** The files that differ between two commits or trees, in git's order. */
export const changedFiles = async (
  repository: BareRepository,
  between: Readonly<{ from: string; to: string }>,
): Promise<readonly ChangedFile[]> => {
  const trees = ['--end-of-options', between.from, between.to]
  const diff = (...flags: readonly string[]): Promise<string> =>
    repository.run(['diff-tree', '-r', '-M', ...flags, ...trees])
  const [raw, counts, patch] = await Promise.all([
    diff('--raw', '--no-abbrev', '-z'),
    diff('--numstat'),
    diff('--patch', '--no-color'),
  ])
  const words = raw.split('\0')
  const numbers = counts.split('\n').map(line => line.split('\t').map(Number))
  const patches = patchesOf(patch)
  const files: ChangedFile[] = []
  for (let at = 0; at + 1 < words.length; at += 2) {
    // ":100644 100644 <old blob> <new blob> M", then one path, or two for a rename.
    const [, , oldBlob = '', newBlob = '', letters = ''] = (words[at] ?? '').split(' ')
    const status = statusOf(letters.charAt(0))
    const [additions = 0, deletions = 0] = numbers[files.length] ?? []
    const first = words[at + 1] ?? ''
    if (status === 'renamed') at += 1
    files.push({
      path: status === 'renamed' ? (words[at + 1] ?? '') : first,
      previousPath: status === 'renamed' ? first : null,
      status,
      blob: status === 'removed' ? oldBlob : newBlob,
      // A binary file counts "-" and has no patch.
      additions: additions || 0,
      deletions: deletions || 0,
      patch: patches[files.length] ?? null,
    })
  }
  return files
}
