import { groupOf, objectsIn } from '../cluster/object-identity.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'

/**
 * The objects in a file that no pull request of a run may bring: a SeedGenerator, and a Secret or SealedSecret of the push
 * credential, by any of the `secretNames`, its own or the one in its template.
 */
export const seedObjectsIn = (text: string, secretNames: readonly string[]): readonly string[] =>
  objectsIn(text).flatMap(object => {
    const { apiVersion = '', kind = '', metadata } = object ?? {}
    if (kind === 'SeedGenerator' && groupOf(apiVersion) === 'lca.openshift.io') return [kind]
    if (kind !== 'Secret' && kind !== 'SealedSecret') return []
    const template = fieldsOf(fieldsOf(object?.['spec']).get('template'))
    const names = [metadata?.name, textOf(fieldsOf(template.get('metadata')), 'name')]
    return secretNames.filter(name => names.includes(name)).map(name => `${kind} ${name}`)
  })
