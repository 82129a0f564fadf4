import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { isBuiltIn } from '../admit.ts'
import { apiVersionOf } from '../served-resources.ts'
import { badRequestError } from '../status-error.ts'
import { isRecord, parseObject } from './parse-object.ts'
import type { StoredObject } from '../object-store.ts'
import type { Resource } from '../resource.ts'
import type { Target } from './target.ts'

// The kinds that are compiled in may leave both out; a custom one must say what it is.
const checkHeader = (value: Record<string, unknown>, resource: Resource): void => {
  if (value['kind'] === undefined)
    throw badRequestError(
      `the object provided is unrecognized (must be of type ${resource.kind}): Object 'Kind' is missing in '${JSON.stringify(value)}'`,
    )
  if (value['apiVersion'] === undefined)
    throw badRequestError(
      `the API version in the data () does not match the expected API version (${apiVersionOf(resource)})`,
    )
}

/** Fills in what the path says, and refuses a body that says something else (400). */
export const objectOf = ({ resource, namespace, name }: Target, value: unknown): StoredObject => {
  const apiVersion = apiVersionOf(resource)
  if (!isRecord(value)) throw badRequestError('the body is not an object')
  if (!isBuiltIn(resource)) checkHeader(value, resource)
  const metadata = isRecord(value['metadata']) ? { ...value['metadata'] } : {}
  const { generateName } = metadata
  if (name === '' && metadata['name'] === undefined && typeof generateName === 'string')
    metadata['name'] = `${generateName}${randomBytes(3).toString('hex').slice(0, 5)}`
  metadata['name'] ??= name
  if (namespace === '') delete metadata['namespace']
  else metadata['namespace'] ??= namespace
  let object: StoredObject
  try {
    object = parseObject({ apiVersion, kind: resource.kind, ...value, metadata })
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw badRequestError(
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${z.prettifyError(error)}`,
    )
  }
  if (object.apiVersion !== apiVersion || object.kind !== resource.kind)
    throw badRequestError(
      `the API version in the data (${object.apiVersion}, kind ${object.kind}) does not match the expected API version (${apiVersion}, kind ${resource.kind})`,
    )
  if (name !== '' && object.metadata.name !== name)
    throw badRequestError(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
    )
  if (namespace !== '' && object.metadata.namespace !== namespace)
    throw badRequestError(
      'the namespace of the provided object does not match the namespace sent on the request',
    )
  return object
}
