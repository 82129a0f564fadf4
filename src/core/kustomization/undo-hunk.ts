import { emptyList } from './empty-key.ts'
import { listOf, type Kustomization } from './parse-kustomization.ts'
import { applySplices, lineNumber, lineStart, type Hunk, type Splice } from './splice.ts'

/**
 * The text with the lines of a hunk as they were, and without the `[]` that emptying the list wrote behind
 * its key. The lines are looked for at their place, then anywhere, also commented out in another style;
 * undefined where they are nowhere or in several places.
 */
export const undoHunk = (
  kustomization: Kustomization,
  { key, hunk }: Readonly<{ key: string; hunk: Hunk }>,
): string | undefined => {
  const { text } = kustomization
  const list = listOf(kustomization, key)
  const isEmptied =
    list?.style === 'flow' &&
    list.items.length === 0 &&
    text.startsWith(emptyList, list.afterKey) &&
    // In a flow list the hunk is that very line.
    !hunk.after.includes(text.slice(lineStart(text, list.afterKey), list.afterKey + 1))
  const opened = isEmptied
    ? applySplices(text, [
        { start: list.afterKey, end: list.afterKey + emptyList.length, text: '' },
      ])
    : text
  const splice = hunk.after === '' ? placeOfDeleted(opened, hunk) : placeOfChanged(opened, hunk)
  return splice && applySplices(opened, [splice])
}

const placeOfDeleted = (text: string, { line, before, follows }: Hunk): Splice | undefined => {
  const places = follows === '' ? [0] : occurrences(text, follows).map(at => at + follows.length)
  const at = places.find(place => lineNumber(text, place) === line) ?? only(places)
  return at === undefined ? undefined : { start: at, end: at, text: before }
}

const placeOfChanged = (text: string, { line, before, after }: Hunk): Splice | undefined => {
  const [old, now] = [withoutLineEnd(before), withoutLineEnd(after)]
  const places = occurrences(text, now).filter(at =>
    /^(?:\r?\n|$)/.test(text.slice(at + now.length, at + now.length + 2)),
  )
  const at = places.find(place => lineNumber(text, place) === line) ?? only(places)
  if (at !== undefined) return { start: at, end: at + now.length, text: old }
  // A person may have commented the line out in a style of their own.
  const wanted = uncommented(old)
  const lines = text.split('\n')
  const alike = lines.flatMap((one, index) =>
    /^\s*#/.test(one) && uncommented(one) === wanted ? [index] : [],
  )
  const index = only(alike)
  if (index === undefined) return undefined
  const start = lines.slice(0, index).reduce((sum, one) => sum + one.length + 1, 0)
  return { start, end: start + withoutLineEnd(`${lines[index] ?? ''}\n`).length, text: old }
}

const occurrences = (text: string, wanted: string): readonly number[] => {
  const found: number[] = []
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1))
    if (lineStart(text, at) === at) found.push(at)
  return found
}

const only = <T>(values: readonly T[]): T | undefined =>
  values.length === 1 ? values[0] : undefined

const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '')

const uncommented = (line: string): string => line.replace(/^\s*#?\s*/, '').trimEnd()
