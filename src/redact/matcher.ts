import { createAutomaton, type Automaton } from './create-automaton.ts'
import type { Forms } from './forms.ts'
import { scan, skippedIn, type Skips, type Span } from './scan.ts'
import { unescape } from './unescape.ts'

/** Finds all occurrences of all forms, and what is left of those that were cut off, in time linear in the text. */
export type Matcher = Readonly<{
  find: (
    text: string,
    /** True if nothing comes after the text. */
    isEnd?: boolean,
  ) => Readonly<{
    /** The spans to replace: sorted, apart from each other. */
    spans: readonly Span[]
    /** From here on the text may be the beginning of a form, or of what was cut off one. */
    open: number
  }>
}>

/** The automata of the forms with the same characters inside: of all forms, and of the reversed ones that may be cut. */
type Way = Readonly<{ skips: Skips; forwards: Automaton; backwards: Automaton | null }>

/** Creates a matcher for the forms of several values. */
export const createMatcher = (values: readonly Forms[]): Matcher => {
  const cuttable = new Set(values.flatMap(value => value.cuttable ?? []))
  const ways = ([skips, forms]: readonly [Skips, readonly string[]]): readonly Way[] => {
    if (forms.length === 0) return []
    const reversed = forms.filter(form => cuttable.has(form)).map(reverse)
    const backwards = reversed.length > 0 ? createAutomaton(reversed, new Set(reversed)) : null
    return [{ skips, forwards: createAutomaton(forms, cuttable), backwards }]
  }
  const all = [
    ...ways(['nothing', values.flatMap(value => value.plain)]),
    ...ways(['breaks', values.flatMap(value => value.wrapped)]),
    ...ways(['spaces', values.flatMap(value => value.spaced ?? [])]),
  ]
  const scanAll = (text: string, isEnd: boolean): Readonly<{ found: Span[]; open: number }> => {
    const found: Span[] = []
    let open = text.length
    for (const { skips, forwards, backwards } of all) {
      const skipped = skippedIn(text, skips)
      open = Math.min(open, scan(text, forwards, { skipped, isBackwards: false, isEnd, found }))
      if (backwards) scan(text, backwards, { skipped, isBackwards: true, isEnd, found })
    }
    return { found, open }
  }
  return {
    find: (text, isEnd = false) => {
      const plain = scanAll(text, isEnd)
      const { found } = plain
      let { open } = plain
      const read = unescape(text)
      if (!isEnd) open = Math.min(open, read.open, lastWord(text, cuttable))
      if (read.text !== text) {
        const inside = scanAll(read.text, isEnd)
        open = Math.min(open, read.starts[inside.open] ?? open)
        for (const [start, end] of inside.found)
          found.push([read.starts[start] ?? 0, read.ends[end - 1] ?? 0])
      }
      const spans = merged(found)
      const cut = spans.find(([start, end]) => start < open && open < end)
      return { spans, open: cut ? cut[0] : open }
    },
  }
}

/** Reverses a form by UTF-16 units: the result is looked for, never shown. */
const reverse = (form: string): string => form.split('').reverse().join('')

const longestWord = 1024

/** Where the last word of a text begins that may be a part of what was cut off a form, of which more is to come. */
const lastWord = (text: string, cuttable: ReadonlySet<string>): number => {
  if (cuttable.size === 0) return text.length
  const from = Math.max(0, text.length - longestWord)
  const [word = ''] = /\S*$/.exec(text.slice(from)) ?? []
  // Most words are of letters alone, and in no form.
  const isApart = /^[A-Za-z]*$/.test(word) && ![...cuttable].some(form => form.includes(word))
  return isApart ? text.length : text.length - word.length
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
