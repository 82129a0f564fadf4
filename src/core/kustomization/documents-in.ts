import { parseAllDocuments, type Document } from 'yaml'

/** The values of a text's YAML documents; what cannot be read is left out, as kustomize will name it. */
export const documentsIn = (text: string): readonly unknown[] => {
  const documents: readonly Document.Parsed[] = parseAllDocuments(text, {
    logLevel: 'silent',
    uniqueKeys: false,
  })
  return documents.flatMap(document => {
    try {
      const value: unknown = document.toJS()
      return document.errors.length === 0 && document.contents !== null ? [value] : []
    } catch {
      // An alias that leads nowhere, or too many of them.
      return []
    }
  })
}
