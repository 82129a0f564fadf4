import { refusedTree, refuseTree, type TreeEntry } from '../../../core/refuse-tree.ts'
import { UnavailableError } from '../../../errors.ts'
import { runGit, type GitPlace } from '../run-git.ts'

/** An entry of a commit's tree, with the id of its object. */
export type ListedEntry = TreeEntry & Readonly<{ id: string }>

const mostListed = 64 * 1024 * 1024

/**
 * Lists the tree of a commit without writing any of it. A few objects can make a tree without end, so time and output are
 * bounded. Throws RefusedError CHECKOUT_REFUSED for one that no file system takes, UnavailableError GIT_FAILED.
 */
export const listTree = async (
  mirror: GitPlace,
  sha: string,
  { foldsCase }: Readonly<{ foldsCase: boolean }>,
): Promise<readonly ListedEntry[]> => {
  const listed = await runGit(
    { ...mirror, timeLimit: 60_000 },
    ['ls-tree', '-r', '-t', '-z', '-l', '--full-tree', sha],
    {
      most: mostListed,
      failed: ({ isTooMuch, reason, cause }) =>
        isTooMuch === true
          ? refusedTree(sha, `the list of its files has more than ${mostListed} bytes`)
          : new UnavailableError('GIT_FAILED', `listing ${sha.slice(0, 12)}: ${reason}`, { cause }),
    },
  )
  const entries: ListedEntry[] = []
  const each = function* (): Generator<TreeEntry> {
    for (const entry of entriesIn(listed.toString('latin1'))) {
      entries.push(entry)
      yield entry
    }
  }
  refuseTree(sha, each(), { foldsCase })
  return entries
}

const entriesIn = function* (listed: string): Generator<ListedEntry> {
  for (
    let at = 0, end = listed.indexOf('\0');
    end >= 0;
    at = end + 1, end = listed.indexOf('\0', at)
  ) {
    const tab = listed.indexOf('\t', at)
    const [mode = '', , id = '', size] = listed.slice(at, tab).split(/ +/)
    yield { mode, id, size: Number(size) || 0, path: listed.slice(tab + 1, end) }
  }
}
