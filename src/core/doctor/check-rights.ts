import type { Check } from '../preflight/check.ts'
import { listAt, textAt } from '../preflight/field.ts'
import { absent, present, type Seen } from '../seen.ts'
import { checkOf } from './check-of.ts'
import type { Installation } from './installation.ts'

/**
 * Checks that the bot may read the admin kubeconfig of each seed of sower.yaml, by the roles that are bound to its
 * service account. A Role of a seed's own namespace does not count: it goes with the detach.
 */
export const checkRights = ({
  namespace,
  seeds,
  clusterRoles,
  clusterRoleBindings,
}: Installation): Check => {
  const bound = namesBound(clusterRoleBindings, namespace)
  return checkOf({
    ...{ id: 'hub.seed-rights', of: 'the rights of the bot to its seeds' },
    read: bound.seen === 'present' ? clusterRoles : bound,
    whenAbsent: { reason: 'the hub has no ClusterRole', fix: 'apply your overlay' },
    judge: roles => {
      const granted = new Set(
        roles
          .filter(
            role => bound.seen === 'present' && bound.value.has(textAt(role, 'metadata', 'name')),
          )
          .flatMap(role => listAt(role, 'rules'))
          .filter(
            rule =>
              listAt(rule, 'apiGroups').includes('') &&
              listAt(rule, 'resources').includes('secrets') &&
              listAt(rule, 'verbs').includes('get'),
          )
          .flatMap(rule => listAt(rule, 'resourceNames')),
      )
      const missing = seeds.filter(seed => !granted.has(`${seed}-admin-kubeconfig`))
      return missing.length === 0
        ? null
        : {
            reason: `the bot is not allowed to read the admin kubeconfig of ${missing.join(', ')}`,
            fix: 'write seed-roles.yaml again with `sower rbac`, then apply your overlay',
          }
    },
  })
}

/** The ClusterRoles that are bound to the bot's service account on the whole hub. */
const namesBound = (
  bindings: Seen<readonly unknown[]>,
  namespace: string,
): Seen<ReadonlySet<string>> =>
  bindings.seen === 'unknown'
    ? bindings
    : bindings.seen === 'absent'
      ? absent
      : present(
          new Set(
            bindings.value
              .filter(binding =>
                listAt(binding, 'subjects').some(
                  subject =>
                    textAt(subject, 'kind') === 'ServiceAccount' &&
                    textAt(subject, 'name') === 'sower' &&
                    textAt(subject, 'namespace') === namespace,
                ),
              )
              .map(binding => textAt(binding, 'roleRef', 'name')),
          ),
        )
