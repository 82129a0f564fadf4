import {
  listOf,
  parseKustomization,
  type Kustomization,
} from '../kustomization/parse-kustomization.ts'
import { applySplices } from '../yaml/splice.ts'
import type { ListChange } from './edit.ts'

/**
 * The text with the item that left a flow list back in it, behind an item that it followed if one is still
 * there: the lines of the hunk have changed since. None where the list was or is not a flow list.
 */
export const reinsertFlowItem = (
  kustomization: Kustomization,
  { key, hunk }: ListChange,
): readonly string[] => {
  const { text } = kustomization
  const list = listOf(kustomization, key)
  const [old, now] = [sourcesIn(hunk.before, key), sourcesIn(hunk.after, key)]
  const index = old.findIndex((source, at) => source !== now[at])
  const source = old[index]
  if (list?.style !== 'flow' || source === undefined) return []
  const splice = (at: number, piece: string): readonly string[] => [
    applySplices(text, [{ start: at, end: at, text: piece }]),
  ]
  const followed = old.slice(0, index)
  const previous = list.items.findLast(({ start, end }) =>
    followed.includes(text.slice(start, end)),
  )
  if (previous) return splice(previous.end, `, ${source}`)
  const [first] = list.items
  if (first) return splice(first.start, `${source}, `)
  const bracket = /^\s*\[/.exec(text.slice(list.afterKey))
  return bracket ? splice(list.afterKey + bracket[0].length, source) : []
}

/** The items of the lines of a flow list, some of its lines or all, as they are written. */
const sourcesIn = (lines: string, key: string): readonly string[] => {
  const inner = `{${key}: [\n${lines.replace(/^[\s,]+/, '')}\n`
  for (const text of [lines, `${lines}\n ]`, `${inner}]}`, `${inner}}`])
    try {
      const items = listOf(parseKustomization('', text), key)?.items
      if (items) return items.map(({ start, end }) => text.slice(start, end))
    } catch {
      continue
    }
  return []
}
