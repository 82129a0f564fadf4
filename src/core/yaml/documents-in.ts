import { parseAllDocuments, type Document } from 'yaml'
import { nestsTooDeep } from './nests-too-deep.ts'

/**
 * The values of a text's YAML documents, empty ones left out; undefined for one that cannot be read, which
 * kustomize will name.
 */
export const documentsIn = (text: string): readonly unknown[] => {
  if (nestsTooDeep(text)) return [undefined]
  const documents: readonly Document.Parsed[] = parseAllDocuments(text, {
    logLevel: 'silent',
    uniqueKeys: false,
  })
  return documents.flatMap((document): readonly unknown[] => {
    if (document.errors.length > 0) return [undefined]
    try {
      const value: unknown = document.toJS()
      return value === null ? [] : [value]
    } catch {
      // An alias that leads nowhere, or too many of them.
      return [undefined]
    }
  })
}
