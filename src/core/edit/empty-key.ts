import type { ItemList } from '../kustomization/read-list.ts'
import type { Splice } from '../yaml/splice.ts'

/** What detaching writes behind a key whose list has become empty. */
export const emptyList = ' []'

/** Makes the key of a list without live items `key: []`, in front of its comment. */
export const emptyKey = ({ afterKey, writtenNull }: ItemList<string>): Splice =>
  writtenNull === null
    ? { start: afterKey, end: afterKey, text: emptyList }
    : { ...writtenNull, text: emptyList.trimStart() }
