/** One verb: the words beside it, the people who may give it, and its line in the help. */
export type VerbRow = Readonly<{
  cluster: 'one' | 'none'
  /** It may name the head that it was written for. */
  sha: boolean
  /** The flag that must come with it. */
  flag?: string
  usage: string
  example: string
  does: string
  /** The entry of `permissions` in sower.yaml that says who may; null: whoever may write to the repository. */
  needs: 'detach' | 'retry' | 'abort' | 'promote' | null
}>

const plain = { cluster: 'none', sha: false, needs: null } as const

/** One row of the help, the documentation and the permission table for each verb. */
export const verbs = {
  detach: {
    ...{ ...plain, cluster: 'one', sha: true, needs: 'detach' },
    usage: '/seed detach <cluster>',
    example: '/seed detach seed-sno1',
    does: 'starts a run for that cluster',
  },
  plan: {
    ...{ ...plain, cluster: 'one' },
    usage: '/seed plan <cluster>',
    example: '/seed plan seed-sno1',
    does: 'shows the edit of a detach and its proof, and changes nothing',
  },
  preflight: {
    ...{ ...plain, cluster: 'one' },
    usage: '/seed preflight <cluster>',
    example: '/seed preflight seed-sno1',
    does: 'asks all that can be asked before a detach, and changes nothing',
  },
  compare: {
    ...{ ...plain, cluster: 'one' },
    usage: '/seed compare <cluster>',
    example: '/seed compare seed-sno1',
    does: 'compares the seed with the other clusters in Git, and changes nothing',
  },
  adopt: {
    ...{ ...plain, cluster: 'one' },
    usage: '/seed adopt <cluster>',
    example: '/seed adopt seed-sno1',
    does: 'shows how to ask for an image of a seed that is detached already, and changes nothing',
  },
  reattach: {
    ...{ ...plain, cluster: 'one', sha: true, needs: 'detach' },
    flag: '--i-understand-this-may-reinstall',
    usage: '/seed reattach <cluster> --i-understand-this-may-reinstall',
    example: '/seed reattach seed-sno1 --i-understand-this-may-reinstall',
    does: 'lets this pull request bring back a detached cluster, at its head of now',
  },
  promote: {
    ...{ ...plain, cluster: 'one', needs: 'promote' },
    usage: '/seed promote <cluster>',
    example: '/seed promote seed-sno1',
    does: 'opens a pull request that sets the proven image where it is used',
  },
  status: {
    ...plain,
    usage: '/seed status',
    example: '/seed status',
    does: 'brings the report up to date',
  },
  retry: {
    ...{ ...plain, sha: true, needs: 'retry' },
    usage: '/seed retry',
    example: '/seed retry',
    does: 'tries again what the run is blocked on',
  },
  abort: {
    ...{ ...plain, needs: 'abort' },
    usage: '/seed abort',
    example: '/seed abort',
    does: 'ends the run; a detach that is merged stays',
  },
  forget: {
    ...{ ...plain, needs: 'abort' },
    usage: '/seed forget',
    example: '/seed forget',
    does: 'deletes the access to the seed that is kept after the run',
  },
  help: {
    ...plain,
    usage: '/seed help',
    example: '/seed help',
    does: 'shows this list',
  },
} as const satisfies Readonly<Record<string, VerbRow>>

export type CommandVerb = keyof typeof verbs

/** The verbs that name a cluster. */
export type ClusterVerb = {
  [V in CommandVerb]: (typeof verbs)[V]['cluster'] extends 'one' ? V : never
}[CommandVerb]

/** Tells whether a verb names a cluster. */
export const namesCluster = (verb: CommandVerb): verb is ClusterVerb =>
  verbs[verb].cluster === 'one'

/** Tells whether a word is a verb. */
export const isVerb = (word: string): word is CommandVerb => Object.hasOwn(verbs, word)

/** The row of a verb. */
export const rowOf = (verb: CommandVerb): VerbRow => verbs[verb]
