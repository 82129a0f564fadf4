import type { Forms } from './forms.ts'
import { unescape } from './unescape.ts'

type Span = readonly [start: number, end: number]

/** Finds all occurrences of all forms, and beginnings of them that were cut off, in time linear in the text. */
export type Matcher = Readonly<{
  find: (
    text: string,
    /** Whether nothing comes after the text. */
    isEnd?: boolean,
  ) => Readonly<{
    /** What is to be replaced: sorted, apart from each other. */
    spans: readonly Span[]
    /** From here on the text may be the beginning of a form. */
    open: number
  }>
}>

/** Creates a matcher for the forms of several values. */
export const createMatcher = (values: readonly Forms[]): Matcher => {
  const cuttable = new Set(values.flatMap(value => value.cuttable ?? []))
  const ways = ([skips, forms]: readonly [Skips, readonly string[]]): readonly Way[] =>
    forms.length === 0 ? [] : [{ skips, automaton: createAutomaton(forms, cuttable) }]
  const all = [
    ...ways(['nothing', values.flatMap(value => value.plain)]),
    ...ways(['breaks', values.flatMap(value => value.wrapped)]),
    ...ways(['spaces', values.flatMap(value => value.spaced ?? [])]),
  ]
  return {
    find: (text, isEnd = false) => {
      const found: Span[] = []
      let open = text.length
      for (const way of all) open = Math.min(open, scan(text, way, { isEnd, found }))
      const read = unescape(text)
      if (!isEnd) open = Math.min(open, read.open)
      if (read.text !== text)
        for (const way of all) {
          const inside: Span[] = []
          const at = scan(read.text, way, { isEnd, found: inside })
          open = Math.min(open, read.starts[at] ?? open)
          for (const [start, end] of inside)
            found.push([read.starts[start] ?? 0, read.ends[end - 1] ?? 0])
        }
      const spans = merged(found)
      const cut = spans.find(([start, end]) => start < open && open < end)
      return { spans, open: cut ? cut[0] : open }
    },
  }
}

/** What a form may have between its characters. */
type Skips = 'nothing' | 'breaks' | 'spaces'
type Way = Readonly<{ skips: Skips; automaton: Automaton }>

/** Aho and Corasick's automaton: where to go from a state with a character, and what ends there. */
type Automaton = Readonly<{
  next: (state: number, character: number) => number
  /** How much of a form a state stands for. */
  depth: readonly number[]
  /** The length of the longest form that ends in a state; 0 for none. */
  longest: readonly number[]
  /** Whether a state stands for the beginning of a form that counts when it is cut off. */
  isCuttable: readonly boolean[]
}>

const createAutomaton = (forms: readonly string[], cuttable: ReadonlySet<string>): Automaton => {
  // Nearly every state has one child: a map for each would cost a hundred times as much.
  const onlyCharacter = [-1]
  const onlyChild = [0]
  const otherChildren = new Map<number, Map<number, number>>()
  const depth = [0]
  const longest = [0]
  const fail = [0]
  const isCuttable = [false]
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
    isCuttable.push(false)
    return child
  }
  for (const form of forms) {
    let state = 0
    const isMarked = cuttable.has(form)
    for (let at = 0; at < form.length; at += 1) {
      state = childOf(state, form.charCodeAt(at)) ?? addChild(state, form.charCodeAt(at))
      if (isMarked) isCuttable[state] = true
    }
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
  return { next, depth, longest, isCuttable }
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

/** So much of a value is taken for it wherever it stands, and so much where something shows that it was cut off. */
const longCut = 16
const shortestCut = 8
const cutSigns = new Set(Array.from('\n\r.…[(<*\\&', sign => sign.charCodeAt(0)))

/** Adds what is found; returns from where on the text may be the beginning of a form. */
const scan = (
  text: string,
  { skips, automaton: { next, depth, longest, isCuttable } }: Way,
  { isEnd, found }: Readonly<{ isEnd: boolean; found: Span[] }>,
): number => {
  // Where each character that counts stands: a form may have breaks inside.
  const places = new Int32Array(text.length)
  let count = 0
  let state = 0
  let isAfterBreak = false
  let isCut = false
  const addCut = (cutFrom: number, atLeast: number): void => {
    const length = depth[cutFrom] ?? 0
    if (length >= atLeast && isCuttable[cutFrom])
      found.push([places[count - length] ?? 0, (places[count - 1] ?? 0) + 1])
  }
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    isAfterBreak =
      skips === 'breaks'
        ? isBreak(text, at, isAfterBreak)
        : skips === 'spaces' && isSpace(character)
    isCut ||= isAfterBreak
    if (isAfterBreak) continue
    const before = state
    state = next(before, character)
    if ((depth[state] ?? 0) <= (depth[before] ?? 0))
      addCut(before, isCut || cutSigns.has(character) ? shortestCut : longCut)
    isCut = false
    places[count] = at
    count += 1
    const length = longest[state] ?? 0
    if (length > 0) found.push([places[count - length] ?? 0, at + 1])
  }
  if (isEnd) addCut(state, shortestCut)
  const partial = depth[state] ?? 0
  return partial === 0 ? text.length : (places[count - partial] ?? 0)
}

const isSpace = (character: number): boolean =>
  character === 32 || character === 160 || (character >= 9 && character <= carriageReturn)

const merged = (found: readonly Span[]): readonly Span[] => {
  const spans: Span[] = []
  for (const [start, end] of [...found].sort((a, b) => a[0] - b[0])) {
    const last = spans.at(-1)
    if (last && start < last[1]) spans[spans.length - 1] = [last[0], Math.max(last[1], end)]
    else spans.push([start, end])
  }
  return spans
}
