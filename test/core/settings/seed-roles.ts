import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { seedRoles } from '../../../src/core/settings/seed-roles.ts'

t.test('binds three roles to the service account of the bot', t => {
  const secret = { namespace: 'keys', name: 'key', file: 'a.yaml' }
  const objects = parseAllDocuments(seedRoles({ seeds: ['a'], secret }, 'bots')).map(
    document => document.toJS() as { kind: string; metadata: { name: string }; roleRef?: object },
  )
  t.strictSame(
    objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`),
    [
      'ClusterRole sower-seeds',
      'ClusterRoleBinding sower-seeds',
      'Role sower-access',
      'RoleBinding sower-access',
      'Role sower-push-credential',
      'RoleBinding sower-push-credential',
    ],
  )
  t.strictSame(
    objects.flatMap(({ roleRef = [] }) => roleRef),
    ['sower-seeds', 'sower-access', 'sower-push-credential'].map((name, at) => ({
      apiGroup: 'rbac.authorization.k8s.io',
      kind: at === 0 ? 'ClusterRole' : 'Role',
      name,
    })),
  )
  t.end()
})
