import { contentHash } from './content-hash.ts'
import type { ReadObject } from '../../preflight/query.ts'
import { sorted, type Value } from '../value.ts'

/** `Kind namespace/name` of an object; without a namespace where it has none. */
export const objectName = ({ kind, metadata: { name, namespace = '' } }: ReadObject): string =>
  `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`

/** Objects as lines: the name, and a hash of what they say. */
export const objectLines = (objects: readonly ReadObject[]): Value =>
  sorted(objects.map(object => `${objectName(object)} ${contentOf(object)}`))

/** A hash of what an object says, whatever the cluster adds to it. */
export const contentOf = ({ spec, data }: ReadObject): string => contentHash([spec, data])
