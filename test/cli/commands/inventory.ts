import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { inventoryCommand } from '../../../src/cli/commands/inventory/inventory-command.ts'
import {
  readInventory,
  withCluster,
  withoutCluster,
  writeInventory,
  type Inventory,
} from '../../../src/core/detach/inventory.ts'
import { seedGeneratorManifest } from '../../../src/core/seedgen/seed-generator-manifest.ts'
import { clusterInstance, listing, memoryTree } from '../../support/memory-tree.ts'
import { flatList, repositoryWith, stateOf, type Content } from '../../support/repository-with.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { surroundings } from '../../support/surroundings.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import { isOneMessage, runSower, type Result } from '../../support/run-sower.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const understood = '--i-understand-this-may-reinstall'
const path = 'site/sower-inventory.yaml'
const list = 'site/kustomization.yaml'

const start = async (
  t: Test,
  files: Content = flatList(),
  runner: (words: readonly string[]) => typeof runInProcess = () => runInProcess,
) => {
  const repository = await repositoryWith(t, files)
  const { top, git } = repository
  const sower = (...words: readonly string[]): Promise<Result> =>
    (words[0] === 'generate' ? runSower : runner(words))(words, { cwd: top })
  const textAt = (file: string): string => readFileSync(join(top, file), 'utf8')
  const commit = async (message: string): Promise<void> => {
    await git('add', '--all')
    await git('commit', '--quiet', '--message', message)
  }
  return { ...repository, sower, textAt, commit }
}
const inventoryOf = (text: string): Inventory =>
  readInventory(memoryTree({ 'sower-inventory.yaml': text }), 'sower-inventory.yaml')

t.test('an inventory is written, compared and kept by detach and reattach', async t => {
  const { top, git, sower, textAt, commit } = await start(t, flatList(), words =>
    words[0] === 'inventory' ? runSower : runInProcess,
  )
  t.match(await sower('inventory', 'site'), {
    exitCode: 0,
    stdout: `${path}: there is none\n  + sno1: rendered, and not in it\n  + sno2: rendered, and not in it\n`,
  })
  t.match(await sower('inventory', 'site', '--write'), {
    exitCode: 0,
    stdout: `${path}: 2 clusters, written for the first time\n  sno1\n  sno2\n`,
  })
  const first = textAt(path)
  t.match(inventoryOf(first), { clusters: ['sno1', 'sno2'], detached: { length: 0 } })
  t.match(await sower('inventory', 'site', '--write'), { exitCode: 0 })
  t.equal(textAt(path), first, 'the same bytes again')
  t.match(await sower('inventory', 'site'), { stdout: `${path}: all of it is rendered\n` })
  t.match(await sower('inventory', 'site', '-o', 'wide'), {
    stdout: `${path}: all of it is rendered\n    sno1: in it, and rendered\n    sno2: in it, and rendered\n`,
  })
  await commit('Write the inventory')

  t.match(await sower('detach', 'sno1'), { exitCode: 0, stdout: /sower-inventory\.yaml\n$/ })
  t.match(await sower('reattach', 'sno1'), { exitCode: 0 })
  t.equal(await git('status', '--porcelain'), '', 'what was not committed is taken back')

  t.match(await sower('detach', 'sno1', '--commit'), { exitCode: 0 })
  t.match(inventoryOf(textAt(path)), {
    clusters: ['sno2'],
    detached: [{ cluster: 'sno1', date: /^\d{4}-\d\d-\d\d$/, reason: 'detached by hand' }],
  })
  t.match(await sower('generate', 'site'), { exitCode: 0, stderr: '' })
  t.match(await sower('reattach', 'sno1', '--commit', understood), { exitCode: 0 })
  t.equal(textAt(path), first)
  t.match(await sower('generate', 'site'), { exitCode: 0, stderr: '' })
  t.ok(stateOf(top))
})

t.test('an inventory is made of nothing that generate would not render', async t => {
  const { sower } = await start(t, { 'site/kustomization.yaml': 'resources: [../../other]\n' })
  isOneMessage(t, await sower('inventory', 'site', '--write'), {
    ...{
      exitCode: 3,
      code: 'ENTRY_OUTSIDE',
      says: /\.\.\/\.\.\/other leads out of the repository/,
    },
  })
})

t.test('a line that a person put back must be acknowledged before it is rendered', async t => {
  const { top, sower, textAt, write, commit } = await start(t)
  await sower('inventory', 'site', '--write')
  await commit('Write the inventory')
  const attached = textAt(list)
  await sower('detach', 'sno1', '--commit')
  await write({ [list]: attached }, 'Put the line back')
  t.match(await sower('generate', 'site'), {
    ...{ exitCode: 3, stdout: '' },
    stderr: /refused: inventory: [^]*\nsower: seed-exclusive: .* say `sower reattach sno1/,
  })
  isOneMessage(t, await sower('inventory', 'site', '--write'), {
    ...{ exitCode: 3, code: 'REATTACH_RISK' },
    says: /sno1 is detached since .* and rendered again/,
  })
  t.match(await sower('inventory', 'site'), { stdout: / {2}! sno1: detached since / })
  t.match(JSON.parse((await sower('inventory', 'site', '-o', 'json')).stdout), {
    ...{ kind: 'InventoryReport', file: path, isThere: true, isWritten: false },
    clusters: [
      { cluster: 'sno1', isListed: false, isRendered: true, detachedSince: /^\d{4}-/ },
      { cluster: 'sno2', isListed: true, isRendered: true, detachedSince: null },
    ],
  })
  const before = stateOf(top)
  isOneMessage(t, await sower('reattach', 'sno1'), {
    ...{ exitCode: 3, code: 'REATTACH_RISK', says: /may reinstall its host/ },
  })
  t.match(await sower('reattach', 'sno1', '--dry-run'), {
    exitCode: 0,
    stdout: /^warning: its entry is there, and the repository calls it detached/m,
  })
  t.strictSame(stateOf(top), before)
  t.match(await sower('reattach', 'sno1', '--commit', understood), {
    exitCode: 0,
    stdout:
      /^removed seeds\/sno1\/record\.yaml\ncommitted .*: seeds\/sno1\/record\.yaml, site\/sower-inventory\.yaml$/m,
  })
  t.notOk(existsSync(join(top, 'seeds')), 'no empty directory is left')
  t.match(await sower('generate', 'site'), { exitCode: 0, stderr: '' })
  t.match(await sower('reattach', 'sno1'), { stdout: /^sno1 is attached already: / })
})

t.test('beside a SeedGenerator the acknowledgement is a record, and it stays', async t => {
  const { sower, textAt, write } = await start(t)
  const generator = seedGeneratorManifest({ cluster: 'sno1', image: 'quay.io/org/seed:4.18' })
  await write({ 'seeds/sno1/seedgenerator.yaml': generator }, 'Generate')
  t.match(await sower('generate', 'site'), { exitCode: 3, stderr: /is a seed: seeds\/sno1\// })
  t.match(await sower('reattach', 'sno1', '--commit', understood), { exitCode: 0 })
  t.match(textAt('seeds/sno1/record.yaml'), /^status: reattached$/m)
  t.match(await sower('generate', 'site'), { exitCode: 0, stderr: '' })
  t.match(await sower('reattach', 'sno1'), { stdout: /^sno1 is attached already: / })
})

t.test('bad inventories and bad places are told of, and nothing is written', async t => {
  const { top, sower, write } = await start(t)
  isOneMessage(t, await sower('inventory', 'nowhere'), {
    ...{ exitCode: 2, code: 'FILE_UNREADABLE', says: /nowhere: it is not a directory/ },
  })
  await write({ [path]: 'clusters: [sno1]\n' }, 'Break it')
  const before = stateOf(top)
  for (const words of [
    ['inventory', 'site'],
    ['inventory', 'site', '--write'],
    ['detach', 'sno1'],
  ])
    isOneMessage(t, await sower(...words), {
      ...{ exitCode: 3, code: 'INVENTORY_INVALID', says: /reading .*sower-inventory\.yaml: / },
    })
  t.strictSame(stateOf(top), before)
  await write({ [path]: 'clusters: [sno2]\n' }, 'Break it otherwise')
  t.match(await sower('detach', 'sno1', '--dry-run'), { exitCode: 0 }, 'it names another cluster')
  await write({ [path]: writeInventory({ clusters: [], detached: [] }) }, 'Mend it')
  chmodSync(join(top, path), 0o600)
  t.match(await sower('inventory', 'site', '--write'), { exitCode: 0 })
})

t.test('a new cluster is no mistake, and one that is gone for good is written out', async t => {
  const { sower, write } = await start(t)
  await sower('inventory', 'site', '--write')
  await write(
    { [list]: listing('b.yaml', 'c.yaml'), 'site/c.yaml': clusterInstance('sno3') },
    'Change the fleet',
  )
  t.match(await sower('generate', 'site'), { exitCode: 3, stderr: /cluster sno1 is not rendered/ })
  t.match(await sower('inventory', 'site', '--write'), {
    stdout: / {2}\+ sno3: .*\n {2}- sno1: in it, and not rendered\n$/,
  })
  t.match(await sower('generate', 'site'), { exitCode: 0, stderr: '' })
})

t.test('detaching and bringing back give the same inventory, whatever is in it', t => {
  const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,8}[a-z0-9])?$/)
  const detached = fc.record({
    cluster: name,
    reason: fc.string(),
    date: fc.string(),
    pullRequest: fc.option(fc.nat()),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(name),
      fc.uniqueArray(detached, { selector: ({ cluster }) => cluster }),
      detached,
      (clusters, others, one) => {
        const before = { clusters, detached: others.filter(o => o.cluster !== one.cluster) }
        const text = writeInventory(before)
        const read = inventoryOf(text)
        const without = withoutCluster(read, one)
        if (!clusters.includes(one.cluster)) return without === read
        const back = withCluster(inventoryOf(writeInventory(without)), one.cluster)
        return (
          writeInventory(back) === text &&
          withCluster(back, one.cluster) === back &&
          !without.clusters.includes(one.cluster) &&
          without.detached.includes(one)
        )
      },
    ),
    {
      numRuns: propertyRuns(100),
      examples: [
        [['no', 'y'], [], { cluster: 'no', reason: ': #', date: '2026-01-01', pullRequest: null }],
      ],
    },
  )
  t.end()
})

t.test('a name that a terminal would obey is shown as a name', async t => {
  const directory = directoryWith(t, {
    'kustomization.yaml': listing('a.yaml'),
    'a.yaml': clusterInstance('"\\e[31msno1"', 'sno1').replace(/namespace: .*/, 'namespace: a'),
  })
  const { given, said } = surroundings({ directory })
  await inventoryCommand(given, { directory: '.', write: false, output: 'text' })
  t.equal(
    said.stdout,
    'sower-inventory.yaml: there is none\n  + \\u{1b}[31msno1: rendered, and not in it\n',
  )
})
