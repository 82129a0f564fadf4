import { once } from '../../../once.ts'

/** The git calls that read and fetch branches; each throws what git throws. */
type Asking = Readonly<{
  /** Prints `<commit> <ref>` of each branch as the server has it now. */
  ask: () => Promise<string>
  /** Prints the same of the mirror's copies. */
  list: () => Promise<string>
  /** Brings the mirror's copies up to date. */
  fetch: () => Promise<unknown>
}>

/** The branches of a mirror, as of the last fetch. */
export type BranchHeads = Readonly<{
  /** Fetches where a branch moved since the last fetch, and has begun no earlier than it was asked for. */
  fetch: () => Promise<void>
  head: (branch: string) => Promise<string | undefined>
  /** Forgets what the mirror has: one of its branches was written to. */
  forget: () => void
}>

const theirs = 'refs/heads/'
const ours = 'refs/remotes/origin/'

/** Creates the memory of a mirror's branches; nothing else may write to them without telling it. */
export const branchHeads = ({ ask, list, fetch }: Asking): BranchHeads => {
  const kept = new Map<string, Promise<ReadonlyMap<string, string>>>()
  const heads = () => once(kept, ours, async () => headsIn(await list(), ours))
  // The first fetch of a process is a whole one: it repairs what an earlier process left behind.
  let isFetched = false
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null

  const bring = async (): Promise<void> => {
    if (isFetched && isSame(headsIn(await ask(), theirs), await heads())) return
    isFetched = false
    try {
      await fetch()
      isFetched = true
    } finally {
      kept.clear()
    }
  }

  return {
    fetch: () => {
      // Whoever asks while one runs waits for the next, which serves all of them.
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = null
          running = bring()
          return running
        })
      return next
    },
    head: async branch => (await heads()).get(branch),
    forget: () => {
      kept.clear()
    },
  }
}

const headsIn = (listed: string, prefix: string): ReadonlyMap<string, string> =>
  new Map(
    listed.split('\n').flatMap(line => {
      // A name may hold any other blank.
      const [sha = '', ref = ''] = line.split(/[ \t]/)
      return ref.startsWith(prefix) ? [[ref.slice(prefix.length), sha]] : []
    }),
  )

const isSame = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  one.size === other.size && [...one].every(([name, sha]) => other.get(name) === sha)
