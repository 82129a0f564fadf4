import { fieldsOf, textOf } from './fields-of.ts'

/**
 * The objects that a document of a file brings, as far down as lists go: kustomize unpacks whatever kind ends in
 * `List` (factory.go, inlineAnyEmbeddedLists). Of another kind that has `items`, it is the object itself and what
 * is in it: kustomize keeps such a one whole, and Argo CD unpacks it.
 */
export const unpackLists = (document: unknown): readonly unknown[] => {
  const fields = fieldsOf(document)
  const items = fields.get('items')
  const isList = textOf(fields, 'kind').endsWith('List')
  const itself = isList && (items === null || Array.isArray(items)) ? [] : [document]
  return [...itself, ...(Array.isArray(items) ? items.flatMap(unpackLists) : [])]
}
