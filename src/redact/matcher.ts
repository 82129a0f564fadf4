import type { Forms } from './forms.ts'

type Span = readonly [start: number, end: number]

/** Finds all occurrences of all forms in one pass over a text. */
export type Matcher = Readonly<{
  find: (text: string) => Readonly<{
    /** What is to be replaced: sorted, apart from each other. */
    spans: readonly Span[]
    /** From here on the text may be the beginning of a form. */
    open: number
  }>
}>

/** Creates a matcher for the forms of several values. */
export const createMatcher = (values: readonly Forms[]): Matcher => {
  const plain = createAutomaton(values.flatMap(value => value.plain))
  const wrapped = createAutomaton(values.flatMap(value => value.wrapped))
  return {
    find: text => {
      const found: Span[] = []
      const open = Math.min(
        scan(text, plain, { skipsBreaks: false, found }),
        scan(text, wrapped, { skipsBreaks: true, found }),
      )
      const spans = merged(found)
      const cut = spans.find(([start, end]) => start < open && open < end)
      return { spans, open: cut ? cut[0] : open }
    },
  }
}

/** Aho and Corasick's automaton: where to go from a state with a character, and what ends there. */
type Automaton = Readonly<{
  next: (state: number, character: number) => number
  /** How much of a form a state stands for. */
  depth: readonly number[]
  /** The length of the longest form that ends in a state; 0 for none. */
  longest: readonly number[]
}>

const createAutomaton = (forms: readonly string[]): Automaton => {
  // Nearly every state has one child: a map for each would cost a hundred times as much.
  const onlyCharacter = [-1]
  const onlyChild = [0]
  const otherChildren = new Map<number, Map<number, number>>()
  const depth = [0]
  const longest = [0]
  const fail = [0]
  const childOf = (state: number, character: number): number | undefined =>
    onlyCharacter[state] === character ? onlyChild[state] : otherChildren.get(state)?.get(character)
  const addChild = (state: number, character: number): number => {
    const child = depth.length
    if (onlyCharacter[state] === -1) {
      onlyCharacter[state] = character
      onlyChild[state] = child
    } else {
      const others = otherChildren.get(state) ?? new Map<number, number>()
      otherChildren.set(state, others.set(character, child))
    }
    onlyCharacter.push(-1)
    onlyChild.push(0)
    depth.push((depth[state] ?? 0) + 1)
    longest.push(0)
    fail.push(0)
    return child
  }
  for (const form of forms) {
    let state = 0
    for (let at = 0; at < form.length; at += 1)
      state = childOf(state, form.charCodeAt(at)) ?? addChild(state, form.charCodeAt(at))
    longest[state] = form.length
  }
  const next = (from: number, character: number): number => {
    for (let state = from; ; state = fail[state] ?? 0) {
      const child = childOf(state, character)
      if (child !== undefined) return child
      if (state === 0) return 0
    }
  }
  const queue = [0]
  for (let at = 0; at < queue.length; at += 1) {
    const state = queue[at] ?? 0
    const children = [...(otherChildren.get(state) ?? [])]
    if (onlyCharacter[state] !== -1)
      children.push([onlyCharacter[state] ?? 0, onlyChild[state] ?? 0])
    for (const [character, child] of children) {
      const to = state === 0 ? 0 : next(fail[state] ?? 0, character)
      fail[child] = to
      longest[child] = Math.max(longest[child] ?? 0, longest[to] ?? 0)
      queue.push(child)
    }
  }
  return { next, depth, longest }
}

const lineFeed = 10
const carriageReturn = 13
const backslash = 92
const escapedBreaks = [110, 114]

/** Whether a character belongs to a line break, as it is or as JSON escapes it, or to the indentation after it. */
const isBreak = (text: string, at: number, isAfterBreak: boolean): boolean => {
  const character = text.charCodeAt(at)
  if (character === lineFeed || character === carriageReturn) return true
  // At the end of a piece the other half is yet to come.
  if (character === backslash)
    return at + 1 === text.length || escapedBreaks.includes(text.charCodeAt(at + 1))
  if (isAfterBreak && (character === 32 || character === 9)) return true
  return escapedBreaks.includes(character) && text.charCodeAt(at - 1) === backslash
}

/** Adds what is found; returns from where on the text may be the beginning of a form. */
const scan = (
  text: string,
  { next, depth, longest }: Automaton,
  { skipsBreaks, found }: Readonly<{ skipsBreaks: boolean; found: Span[] }>,
): number => {
  // Where each character that counts stands: a form may have breaks inside.
  const places = new Int32Array(text.length)
  let count = 0
  let state = 0
  let isAfterBreak = false
  for (let at = 0; at < text.length; at += 1) {
    isAfterBreak = skipsBreaks && isBreak(text, at, isAfterBreak)
    if (isAfterBreak) continue
    places[count] = at
    count += 1
    state = next(state, text.charCodeAt(at))
    const length = longest[state] ?? 0
    if (length > 0) found.push([places[count - length] ?? 0, at + 1])
  }
  const partial = depth[state] ?? 0
  return partial === 0 ? text.length : (places[count - partial] ?? 0)
}

const merged = (found: readonly Span[]): readonly Span[] => {
  const spans: Span[] = []
  for (const [start, end] of [...found].sort((a, b) => a[0] - b[0])) {
    const last = spans.at(-1)
    if (last && start < last[1]) spans[spans.length - 1] = [last[0], Math.max(last[1], end)]
    else spans.push([start, end])
  }
  return spans
}
