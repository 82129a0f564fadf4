import { badRequestError } from '../status-error.ts'
import type { StoredObject } from '../object-store.ts'

/** True if an object belongs to a list or watch. */
export type Selector = (object: StoredObject) => boolean

const splitRequirements = (text: string): string[] =>
  text
    // A comma inside `in (a,b)` does not end a requirement.
    .split(/,(?![^(]*\))/)
    .map(requirement => requirement.trim())
    .filter(requirement => requirement !== '')

const labelRequirement = (text: string): Selector => {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text)
  if (set) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map(value => value.trim())
    return ({ metadata }) => {
      const value = metadata.labels?.[key]
      const isIn = value !== undefined && values.includes(value)
      return operator === 'in' ? isIn : !isIn
    }
  }
  const equality = /^([^\s!=]+)\s*(==|=|!=)\s*(\S*)$/.exec(text)
  if (equality) {
    const [, key = '', operator, value] = equality
    return ({ metadata }) => (metadata.labels?.[key] === value) === (operator !== '!=')
  }
  const existence = /^(!?)\s*([^\s!=()]+)$/.exec(text)
  if (!existence) throw badRequestError(`unable to parse requirement: ${text}`)
  const [, not, key = ''] = existence
  return ({ metadata }) => (metadata.labels?.[key] !== undefined) === (not === '')
}

const fieldOf = (object: StoredObject, field: string): unknown => {
  if (field === 'metadata.name') return object.metadata.name
  if (field === 'metadata.namespace') return object.metadata.namespace ?? ''
  if (field === 'type' && object.kind === 'Secret') return object['type'] ?? ''
  throw badRequestError(`field label not supported: ${field}`)
}

const fieldRequirement = (text: string): Selector => {
  const match = /^([^\s!=]+)\s*(==|=|!=)\s*(\S*)$/.exec(text)
  if (!match) throw badRequestError(`invalid field selector "${text}"`)
  const [, field = '', operator, value] = match
  return object => (fieldOf(object, field) === value) === (operator !== '!=')
}

/** The one name a field selector asks for, if it does. */
export const matchesName = (fieldSelector: string): string | undefined =>
  splitRequirements(fieldSelector)
    .map(requirement => /^metadata\.name\s*==?\s*(\S+)$/.exec(requirement)?.[1])
    .find(name => name !== undefined)

/** Reads `labelSelector` and `fieldSelector` of a list or watch. */
export const selectObjects = (query: URLSearchParams): Selector => {
  const requirements = [
    ...splitRequirements(query.get('labelSelector') ?? '').map(labelRequirement),
    ...splitRequirements(query.get('fieldSelector') ?? '').map(fieldRequirement),
  ]
  return object => requirements.every(matches => matches(object))
}
