/**
 * How far a thing is that must go: `gone`; `going`, its deletion has begun; `there`, nobody has asked it to go yet; `stuck`,
 * it does not go by itself; `unknown`, there was no answer.
 */
export type WaitingState = 'gone' | 'going' | 'there' | 'stuck' | 'unknown'

/** One thing that a detach waits for, with what it consists of. Plain data, without running ages. */
export type Waiting = Readonly<{
  what: string
  state: WaitingState
  /** Since when it is so; null where nothing says it. */
  since: string | null
  why: string | null
  /** The next step for a person: a command, or words; null where there is nothing to do but wait. */
  next: string | null
  parts: readonly Waiting[]
}>

/** A thing with nothing more to say of it than what is given. */
export const waiting = (
  what: string,
  state: WaitingState,
  more: Partial<Omit<Waiting, 'what' | 'state'>> = {},
): Waiting => ({ what, state, since: null, why: null, next: null, parts: [], ...more })

const order = ['stuck', 'unknown', 'there', 'going'] as const

/** The worst state in some trees; `gone` where nothing else is. */
export const worstOf = (trees: readonly Waiting[]): WaitingState => {
  const has = (state: WaitingState, all: readonly Waiting[]): boolean =>
    all.some(tree => tree.state === state || has(state, tree.parts))
  return order.find(state => has(state, trees)) ?? 'gone'
}

/** Everything in a tree that is stuck, the outermost first. */
export const stuckIn = (tree: Waiting): readonly Waiting[] => [
  ...(tree.state === 'stuck' && tree.why !== null ? [tree] : []),
  ...tree.parts.flatMap(stuckIn),
]

/** The parts of a tree that are still awaited, in words: stuck ones first, then those without an answer, then the rest. */
export const blockersIn = (tree: Waiting): readonly string[] => {
  const below = ({ parts }: Waiting): readonly Waiting[] =>
    parts.filter(({ state }) => state !== 'gone').flatMap(part => [part, ...below(part)])
  const left = below(tree)
  return order.flatMap(state =>
    left.flatMap(({ what, why, ...node }) =>
      node.state === state && why !== null ? [`${what}: ${why}`] : [],
    ),
  )
}

/** Puts the same change on each text of others in a tree. */
export const mapTexts = (tree: Waiting, change: (text: string) => string): Waiting => ({
  ...tree,
  what: change(tree.what),
  why: tree.why === null ? null : change(tree.why),
  next: tree.next === null ? null : change(tree.next),
  parts: tree.parts.map(part => mapTexts(part, change)),
})
