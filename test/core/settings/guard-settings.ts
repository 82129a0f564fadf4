import t from 'tap'
import { defaults } from '../../../src/core/settings/defaults.ts'
import { readGuardSettings } from '../../../src/core/settings/guard-settings.ts'
import {
  configurationPath,
  configurationPlaces,
  nearestConfiguration,
} from '../../../src/core/settings/nearest-configuration.ts'
import { memoryTree, type Files } from '../../support/memory-tree.ts'

const path = 'hub/clusters/site'

t.test('looks for the configuration in the directory and those above it', t => {
  t.strictSame(configurationPlaces(path), [
    'hub/clusters/site/sower.yaml',
    'hub/clusters/sower.yaml',
    'hub/sower.yaml',
    'sower.yaml',
  ])
  for (const [files, found] of [
    [{}, null],
    [{ 'other/sower.yaml': '' }, null],
    [{ [configurationPath]: '' }, { path: 'sower.yaml', base: '.', kind: 'file' }],
    [
      { 'sower.yaml': '', 'hub/sower.yaml': { link: '../sower.yaml' } },
      { path: 'hub/sower.yaml', base: 'hub', kind: 'symlink' },
    ],
    [{ 'hub/sower.yaml/a': '' }, { path: 'hub/sower.yaml', base: 'hub', kind: 'directory' }],
  ] as const)
    t.strictSame(nearestConfiguration(memoryTree(files), path), found)
  t.end()
})

t.test('guards take their places from the configuration, and defaults for the rest', t => {
  const read = (files: Files) => readGuardSettings(memoryTree(files), path)
  const seeds = { directory: defaults.directory, directories: [defaults.directory] }
  t.strictSame(read({}), { ...seeds, roots: [], secret: null })
  const place = { namespace: defaults.secret.namespace, name: defaults.secret.name }
  for (const [text, settings] of [
    ['', { directory: 'hub/seeds', roots: [], secret: place }],
    ['directory: ../x/\nroots: a\n', { directory: 'x', roots: ['hub/a'], secret: place }],
    ['directory: ../seeds\n', { directory: 'seeds', roots: [], secret: place }],
    [
      'roots: [a, .]\nsecret: {name: own}\npermissions: nonsense\n',
      { directory: 'hub/seeds', roots: ['hub/a', 'hub'], secret: { ...place, name: 'own' } },
    ],
  ] as const) {
    // Without a configuration at the root of the tree, its standard place is heeded, too.
    const directories = [...new Set(['seeds', settings.directory])]
    t.strictSame(read({ 'hub/sower.yaml': text }), { ...settings, directories }, text)
  }
  t.end()
})

t.test('a nearer configuration adds places, and takes nothing away from the one at the root', t => {
  const root = 'directory: made/seeds\nroots: [b]\nsecret: {namespace: own}\n'
  const nearer = 'directory: nowhere\nroots: [a]\nsecret: {name: other}\n'
  const files = { 'sower.yaml': root, 'hub/sower.yaml': nearer, [`${path}/sower.yaml`]: '' }
  t.strictSame(readGuardSettings(memoryTree(files), path), {
    directory: 'made/seeds',
    directories: ['made/seeds', 'hub/nowhere', `${path}/seeds`],
    roots: ['b', 'hub/a'],
    secret: { namespace: 'own', name: defaults.secret.name },
  })
  t.end()
})

t.test('refuses a configuration that would make guards look in the wrong place', t => {
  for (const [what, file, message] of [
    ['a link', { link: 'a' }, /^reading hub\/sower\.yaml: it is not a plain file$/],
    ['no YAML', 'a: "', /it is not one correct YAML document/],
    ['a root outside', 'roots: [../..]\n', /"\.\.\/\.\." is not a path of this repository/],
    ['an absolute directory', 'directory: /seeds\n', /"\/seeds" is not a path/],
    ['a root that is not text', 'roots: [5]\n', /5 is not a path of this repository/],
  ] as const)
    t.throws(
      () => readGuardSettings(memoryTree({ 'hub/sower.yaml': file }), path),
      { name: 'RefusedError', code: 'CONFIGURATION_INVALID', message },
      what,
    )
  t.end()
})
