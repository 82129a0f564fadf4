import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { linkedTree } from '../../../src/adapters/files/directory-tree.ts'
import { buildShard } from '../../../src/adapters/kustomize/build-shard.ts'
import { composeSharding } from '../../../src/adapters/kustomize/compose-sharding.ts'
import { createTurns, turnsWithin } from '../../../src/adapters/kustomize/create-turns.ts'
import { createShardMaker } from '../../../src/adapters/kustomize/make-shards.ts'
import { openRenderCache } from '../../../src/adapters/kustomize/open-render-cache.ts'
import { repositoryView } from '../../../src/core/kustomization/repository-view.ts'
import { planShards } from '../../../src/core/shard/plan-shards.ts'
import type { Kustomize } from '../../../src/operations/ports/kustomize.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { listing } from '../../support/memory-tree.ts'

const most = 2 ** 20
const key = 'a'.repeat(64)
const other = 'b'.repeat(64)
const opened = (t: Parameters<typeof directoryWith>[0], options = { most }) => {
  const directory = directoryWith(t, {})
  const cache = openRenderCache(directory, options)
  if (cache === null) throw new Error('there is no cache')
  return { directory, cache, own: join(directory, 'sower-renders-1') }
}

t.test('gives back what was written, to another process too, and to nobody else', t => {
  const { directory, cache, own } = opened(t)
  t.equal(cache.read(key), null)
  cache.write(key, 'a: "ü"\n')
  t.equal(cache.read(key), 'a: "ü"\n')
  t.equal(openRenderCache(directory, { most })?.read(key), 'a: "ü"\n')
  t.equal(statSync(own).mode & 0o777, 0o700)
  t.equal(statSync(join(own, key)).mode & 0o777, 0o600)
  t.strictSame(readdirSync(own), [key], 'nothing is left aside')
  cache.write(key, '')
  t.equal(cache.read(key), '')
  t.end()
})

t.test('believes no entry that is cut, changed, or another one under its name', t => {
  const { cache, own } = opened(t)
  const file = join(own, key)
  const attacks: readonly (() => void)[] = [
    () => {
      truncateSync(file, statSync(file).size - 1)
    },
    () => {
      writeFileSync(file, readFileSync(file, 'utf8').replace('text', 'tent'))
    },
    () => {
      writeFileSync(file, '')
    },
    () => {
      cache.write(other, 'text of another\n')
      renameSync(join(own, other), file)
    },
    () => {
      rmSync(file)
      cache.write(other, 'text of another\n')
      symlinkSync(other, file)
    },
    () => {
      rmSync(file)
      mkdirSync(file)
    },
    () => {
      rmSync(file, { recursive: true })
      execFileSync('mkfifo', [file])
    },
  ]
  for (const attack of attacks) {
    cache.write(key, 'text\n')
    attack()
    t.equal(cache.read(key), null)
  }
  t.end()
})

t.test('is none where somebody else may write, or nothing can be', t => {
  const { directory, own } = opened(t)
  chmodSync(own, 0o777)
  t.equal(openRenderCache(directory, { most }), null)
  rmSync(own, { recursive: true })
  mkdirSync(join(directory, 'elsewhere'), { mode: 0o700 })
  symlinkSync('elsewhere', own)
  t.equal(openRenderCache(directory, { most }), null)
  t.equal(openRenderCache(join(directory, 'not-there'), { most }), null)
  t.end()
})

t.test('a disk that takes nothing costs time only', t => {
  const { cache, own } = opened(t)
  rmSync(own, { recursive: true })
  cache.write(key, 'text\n')
  t.equal(cache.read(key), null)
  t.end()
})

t.test('stays below its size, and the least recently used goes first', t => {
  const { cache, own } = opened(t, { most: 30_000 })
  const keys = Array.from({ length: 40 }, (_, index) => String(index).padStart(64, '0'))
  writeFileSync(join(own, 'left-behind.new'), 'x'.repeat(20_000))
  utimesSync(join(own, 'left-behind.new'), 1, 1)
  for (const [index, one] of keys.entries()) {
    cache.write(one, 'x'.repeat(900))
    utimesSync(join(own, one), index + 2, index + 2)
    cache.read(String(keys[0]))
  }
  t.notOk(existsSync(join(own, 'left-behind.new')))
  t.ok(cache.read(String(keys[0])))
  t.equal(cache.read(String(keys[1])), null)
  t.ok(cache.read(String(keys[39])))
  t.end()
})

const configMap = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`
const scene = (t: Parameters<typeof directoryWith>[0]) => {
  const directory = directoryWith(t, {
    'kustomization.yaml': listing('a.yaml', 'b.yaml'),
    'a.yaml': configMap('a'),
    'b.yaml': configMap('b'),
    'cache/.keep': '',
  })
  const plan = planShards(repositoryView(linkedTree(directory)), '.', {
    ...{ fewest: 0, size: { least: 1, rarely: 1, most: 1 } },
  })
  if (plan.shards === null) throw new Error(plan.reason)
  const built: string[] = []
  const kustomize: Kustomize = {
    build: shard => {
      const text = readFileSync(join(shard, '0.yaml'), 'utf8')
      built.push(text)
      return Promise.resolve(text)
    },
    version: () => Promise.resolve('kustomize v5.5.0'),
  }
  return { directory, shards: plan.shards, kustomize, built }
}

t.test('shards are made once for all processes that name the same cache and program', async t => {
  const { directory, shards, kustomize, built } = scene(t)
  const make = (renderer: string) =>
    createShardMaker(kustomize, {
      turns: createTurns(turnsWithin(1)),
      cache: openRenderCache(join(directory, 'cache'), { most }),
      renderer: () => renderer,
    })(shards, { ...{ directory, path: '.', hasGenerators: false }, spent: () => 0 })
  const expected = { render: `${configMap('a')}---\n${configMap('b')}` }
  t.strictSame(await make('one'), expected)
  t.equal(built.length, 2)
  t.strictSame(await Promise.all([make('one'), make('one')]), [expected, expected])
  t.equal(built.length, 2)
  t.strictSame(await make('another'), expected)
  t.equal(built.length, 4)
})

t.test('nothing is left of the directory of a shard', async t => {
  const { directory, shards, kustomize } = scene(t)
  let at = ''
  const build: Kustomize['build'] = (shard, about) => {
    at = shard
    return kustomize.build(shard, about)
  }
  const place = { top: directory, objects: 2, spent: 0 }
  t.equal(await buildShard({ ...kustomize, build }, shards[0] ?? [], place), configMap('a'))
  t.notOk(existsSync(at))
})

t.test('settings that mean nothing are refused', async t => {
  const { directory, kustomize } = scene(t)
  const places = { configured: '', path: '', fallback: '' }
  const compose = (settings: Readonly<Record<string, string>>) =>
    composeSharding(kustomize, {
      ...{ places, mode: undefined, takeMore: undefined, cacheAt: undefined },
      ...{ cacheSize: undefined, ...settings },
    })
  for (const [settings, code] of [
    [{ mode: 'fast' }, 'ARGUMENT_INVALID'],
    [{ cacheSize: '0' }, 'ARGUMENT_INVALID'],
    [{ cacheAt: join(directory, 'nowhere') }, 'FILE_UNREADABLE'],
  ] as const)
    t.throws(() => compose(settings), { code })
  const cacheAt = join(directory, 'cache')
  const settings = { mode: 'plain', cacheSize: '1', cacheAt }
  t.equal(
    await compose(settings).build(directory).catch(String),
    "Error: ENOENT: no such file or directory, open '" + join(directory, '0.yaml') + "'",
  )
  t.ok(existsSync(join(cacheAt, 'sower-renders-1')))
})

t.test('turns are ours first, then what else there is, and nobody waits for ever', async t => {
  const { take } = createTurns(turnsWithin(1))
  const [first, second] = await Promise.all([take(), take()])
  let isTaken = false
  const third = take().then(end => {
    isTaken = true
    end()
  })
  await new Promise(resolve => setImmediate(resolve))
  t.notOk(isTaken)
  second()
  await third
  first()
  ;(await take())()
  t.ok(isTaken)
})
