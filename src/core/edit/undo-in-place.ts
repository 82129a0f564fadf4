import { listOf, type Kustomization } from '../kustomization/parse-kustomization.ts'
import { reinsertFlowItem } from './reinsert-flow-item.ts'
import {
  applySplices,
  lineEnd,
  lineStart,
  lineStarts,
  type Hunk,
  type Splice,
} from '../yaml/splice.ts'
import type { ListChange } from './edit.ts'

/** The text with the lines of a hunk as they were, where what it left of them is still at its place. */
export const undoInPlace = (kustomization: Kustomization, change: ListChange): readonly string[] =>
  openedTexts(kustomization, change).flatMap(text =>
    [lineStarts(text)[change.hunk.line - 1]]
      .flatMap(at => (at === undefined ? [] : spliceAt(text, change.hunk, at)))
      .map(splice => applySplices(text, [splice])),
  )

/** The texts that may be meant where the lines have moved or are gone, better ways first. */
export const undoElsewhere = (
  kustomization: Kustomization,
  change: ListChange,
): readonly (readonly string[])[] => {
  const { hunk } = change
  const undone = (places: (text: string) => readonly Splice[]): readonly string[] =>
    openedTexts(kustomization, change).flatMap(text =>
      places(text).map(splice => applySplices(text, [splice])),
    )
  return [
    undone(text => lineStarts(text).flatMap(at => spliceAt(text, hunk, at))),
    undone(text => commentedOtherwise(text, hunk)),
    hunk.after === '' ? undone(text => belowList(text, kustomization, change)) : [],
    reinsertFlowItem(kustomization, change),
  ]
}

/** The text, and before it the one without the `[]` that emptying a block list wrote behind its key. */
const openedTexts = (kustomization: Kustomization, { key }: ListChange): readonly string[] => {
  const { text } = kustomization
  const start = listOf(kustomization, key)?.afterKey ?? text.length
  const empty = /^ *\[ *\]/.exec(text.slice(start))?.[0]
  return empty === undefined
    ? [text]
    : [applySplices(text, [{ start, end: start + empty.length, text: '' }]), text]
}

const spliceAt = (
  text: string,
  { before, after, follows }: Hunk,
  at: number,
): readonly Splice[] => {
  if (after === '')
    return text.slice(lineStart(text, at - 1), at) === follows
      ? [insertLines(text, at, before)]
      : []
  // The line end may have changed since.
  const pairs: readonly (readonly [string, string])[] = [
    [before, after],
    [withoutLineEnd(before), withoutLineEnd(after)],
  ]
  const pair = pairs.find(
    ([, now]) =>
      text.startsWith(now, at) &&
      (now.endsWith('\n') || /^(?:\r?\n|$)/.test(text.slice(at + now.length, at + now.length + 2))),
  )
  return pair ? [{ start: at, end: at + pair[1].length, text: pair[0] }] : []
}

const belowList = (
  text: string,
  kustomization: Kustomization,
  { key, hunk }: ListChange,
): readonly Splice[] => {
  const list = listOf(kustomization, key)
  if (!list) return []
  const at = lineEnd(text, list.items.at(-1)?.end ?? list.afterKey)
  return [insertLines(text, at, hunk.before)]
}

const insertLines = (text: string, at: number, lines: string): Splice => {
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const isOpen = at > 0 && text.charAt(at - 1) !== '\n'
  const closes = at < text.length && !lines.endsWith('\n')
  return { start: at, end: at, text: `${isOpen ? newline : ''}${lines}${closes ? newline : ''}` }
}

// A person may have commented the line out in a style of their own.
const commentedOtherwise = (text: string, { before }: Hunk): readonly Splice[] => {
  const old = withoutLineEnd(before)
  return lineStarts(text).flatMap(start => {
    const line = withoutLineEnd(text.slice(start, lineEnd(text, start)))
    return /^ *#/.test(line) && uncommented(line) === uncommented(old)
      ? [{ start, end: start + line.length, text: old }]
      : []
  })
}

const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '')
const uncommented = (line: string): string => line.replace(/^[ #]*/, '').trimEnd()
