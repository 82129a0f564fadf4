import { isScalar, LineCounter, visit, type Document } from 'yaml'
import { beyondReading, composeDocuments } from './compose-documents.ts'
import { readingsOf, type Unreadable } from './documents-in.ts'
import { unlikeGo } from './unlike-go.ts'

/**
 * Where and why the documents of a text cannot be read as kustomize reads them; undefined where they can. kustomize
 * refuses a key that stands twice, where our reader takes the last one.
 */
export const unreadableText = (text: string): Unreadable | undefined => {
  const lines = new LineCounter()
  const documents = composeDocuments(text, { uniqueKeys: false, lines })
  if (!documents) return { line: 1, reason: beyondReading }
  const lineOf = (offset: number): number => lines.linePos(offset).line
  return (
    unlikeGo(text) ??
    readingsOf(text).find(({ unreadable }) => unreadable)?.unreadable ??
    doubledKey(documents, lineOf)
  )
}

const doubledKey = (
  documents: readonly Document.Parsed[],
  lineOf: (offset: number) => number,
): Unreadable | undefined => {
  let found: Unreadable | undefined
  for (const document of documents)
    visit(document, {
      Map: (_, { items }) => {
        const seen = new Set<unknown>()
        for (const { key } of items) {
          const name = isScalar(key) ? key.value : key
          if (isScalar(key) && seen.has(name)) {
            const line = lineOf(Number(key.range?.[0]))
            found = { line, reason: `the key ${String(name)} stands there twice` }
            return visit.BREAK
          }
          seen.add(name)
        }
        return undefined
      },
    })
  return found
}
