import { isCollection, LineCounter, visit, type Document } from 'yaml'
import { beyondReading, composeDocuments } from './compose-documents.ts'
import { mergeKeys } from './merge-keys.ts'
import { plainDocuments } from './plain-documents.ts'
import { unpackLists } from './unpack-lists.ts'

/** Why a document cannot be read; the line counts from 1. */
export type Unreadable = Readonly<{ line: number; reason: string }>

/** A document of a text: its value with merge keys resolved, as kustomize reads it, or why there is none. */
export type Reading = Readonly<{ value: unknown; unreadable: Unreadable | null }>

/** Reads the documents of a text, empty ones left out; what is wrong with one does not hide the others. */
export const readingsOf = (text: string): readonly Reading[] => {
  const plain = plainDocuments(text)
  if (plain)
    return plain.filter(value => value !== null).map(value => ({ value, unreadable: null }))
  const lines = new LineCounter()
  const documents = composeDocuments(text, { uniqueKeys: false, lines })
  if (!documents) return [unreadable(1, beyondReading)]
  return documents
    .map(document => readingOf(document, offset => lines.linePos(offset).line))
    .filter(({ value }) => value !== null)
}

/**
 * The values of a text's YAML documents, lists unpacked and empty ones left out; undefined for one that cannot be
 * read, which kustomize will name.
 */
export const documentsIn = (text: string): readonly unknown[] =>
  readingsOf(text).flatMap(({ value }) => unpackLists(value))

const readingOf = (document: Document.Parsed, lineOf: (offset: number) => number): Reading => {
  const [error] = document.errors
  // Behind a colon some messages quote the text.
  if (error) return unreadable(lineOf(error.pos[0]), error.message.replace(/: "[^]*$/, ''))
  const key = collectionKey(document)
  if (key !== undefined) return unreadable(lineOf(key), 'a key is not a text')
  try {
    return { value: mergeKeys(document.toJS()), unreadable: null }
  } catch {
    const reason = 'an alias leads nowhere, or too many stand in it'
    return unreadable(lineOf(document.range[0]), reason)
  }
}

const unreadable = (line: number, reason: string): Reading => ({
  value: undefined,
  unreadable: { line, reason },
})

/**
 * Where a key is a mapping or a list: `{{ x }}` is correct YAML, but nothing that Kubernetes reads, and the yaml
 * package takes very long to make a text of nested ones.
 */
const collectionKey = (document: Document.Parsed): number | undefined => {
  let found: number | undefined
  visit(document, {
    Pair: (_, { key }) => {
      if (!isCollection(key)) return undefined
      found = key.range?.[0]
      return visit.BREAK
    },
  })
  return found
}
