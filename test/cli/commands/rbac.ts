import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { rbacCommand } from '../../../src/cli/commands/rbac/rbac-command.ts'
import { registerRbacCommand } from '../../../src/cli/commands/rbac/register-rbac-command.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { home } from '../../support/run-sower.ts'
import { surroundings } from '../../support/surroundings.ts'

t.test('prints the rights of the example, which its overlay holds', async t => {
  const { given, said } = surroundings({ directory: home })
  const program = new Command().exitOverride()
  registerRbacCommand(program, given)
  await program.parseAsync(['rbac', '-C', 'examples/ztp'], { from: 'user' })
  const overlay = join(home, 'manifests', 'overlays', 'example', 'seed-roles.yaml')
  t.equal(said.stdout, readFileSync(overlay, 'utf8'))
})

t.test('names each Secret that may be read, and no namespace of a seed', t => {
  const directory = directoryWith(t, {
    'sower.yaml': `apiVersion: sower.dev/v1alpha1
kind: Configuration
seeds: [a, b]
roots: [x]
secret: { namespace: keys, name: key }
`,
  })
  const { given, said } = surroundings({ directory })
  rbacCommand(given, { directory: '.', namespace: 'bots' })
  type Rule = { resources: string[]; resourceNames?: string[]; verbs: string[] }
  const objects = parseAllDocuments(said.stdout).map(
    document =>
      document.toJS() as { metadata: { namespace?: string }; rules?: Rule[]; subjects?: object[] },
  )
  t.strictSame(
    objects.map(({ metadata }) => metadata.namespace),
    [undefined, undefined, 'bots', 'bots', 'keys', 'keys'],
  )
  const rules = objects.flatMap(object => object.rules ?? [])
  t.strictSame(
    rules.map(({ resourceNames, verbs }) => [resourceNames, verbs]),
    [
      [['a-admin-kubeconfig', 'b-admin-kubeconfig'], ['get']],
      [
        ['a-access', 'b-access'],
        ['get', 'create', 'patch', 'delete'],
      ],
      [['key'], ['get']],
      [['key'], ['get']],
    ],
  )
  t.strictSame(
    objects.flatMap(({ subjects = [] }) => subjects),
    [1, 2, 3].map(() => ({ kind: 'ServiceAccount', name: 'sower', namespace: 'bots' })),
  )
  t.end()
})

t.test('says where it looked for the configuration', t => {
  const { given } = surroundings({ directory: directoryWith(t, {}) })
  t.throws(
    () => {
      rbacCommand(given, { directory: '.', namespace: 'sower' })
    },
    { code: 'CONFIGURATION_MISSING', exitCode: 2, message: /no sower\.yaml/ },
  )
  t.end()
})
