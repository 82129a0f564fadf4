import t from 'tap'
import { inspectCommand } from '../../../src/cli/commands/inspect/inspect-command.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { image, key, manifest } from '../../support/secret/sealed-scene.ts'
import { surroundings } from '../../support/surroundings.ts'

const asked = { directory: '.', cert: null, image: null, kubeconfig: null, output: 'text' as const }

t.test('inspect prints what it finds, and fails with the first thing that is bad', async t => {
  const directory = directoryWith(t, {
    'good.yaml': manifest(),
    'bad.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: seedgen}\nstringData: {a: c4nary}\n',
    'sealing.pem': key.certificate,
  })
  const good = surroundings({ directory })
  await inspectCommand(good.given, {
    ...{
      ...asked,
      file: 'good.yaml',
      cert: 'sealing.pem',
      image: image.text,
      output: 'json' as const,
    },
  })
  const told = JSON.parse(good.said.stdout) as { findings: { level: string }[] }
  t.match(told, {
    ...{ kind: 'Inspection', file: 'good.yaml' },
    target: { scope: 'strict', namespace: 'sower-seeds', name: 'seedgen' },
    notes: { registryKey: 'quay.io/org' },
  })
  t.notOk(told.findings.some(({ level }) => level === 'bad'))

  const bad = surroundings({ directory })
  await t.rejects(inspectCommand(bad.given, { ...asked, file: 'bad.yaml' }), {
    ...{ name: 'RefusedError', code: 'SEALED_PLAIN_SECRET', message: /^inspecting bad\.yaml: / },
  })
  t.match(bad.said.stdout, /^BAD {3}.* \[SEALED_PLAIN_SECRET\]\n {6}\S/m)
  t.notMatch(bad.said.stdout, 'c4nary')
})

t.test('inspect wants a seed image that its template gives, or an argument', async t => {
  const directory = directoryWith(t, {
    'good.yaml': manifest(),
    'sower.yaml':
      'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1, sno2]\nimage: "quay.io/{cluster}/a:{version}"\n',
  })
  const { given, said } = surroundings({ directory })
  await t.rejects(inspectCommand(given, { ...asked, file: 'good.yaml' }), { code: 'SEALED_COVERS' })
  t.match(said.stdout, /quay\.io\/sno1\/a/)
  await inspectCommand(given, { ...asked, file: 'good.yaml', image: 'quay.io/org/b:1' })
})
