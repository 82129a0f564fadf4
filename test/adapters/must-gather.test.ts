import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { byteReader } from '../../src/adapters/must-gather/byte-reader.ts'
import { filesInArchive } from '../../src/adapters/must-gather/files-in-archive.ts'
import { filesInDirectory } from '../../src/adapters/must-gather/files-in-directory.ts'
import type {} from '../../src/adapters/must-gather/gathered-files.ts'
import { limits, unreadable } from '../../src/adapters/must-gather/limits.ts'
import { mustGatherReader } from '../../src/adapters/must-gather/must-gather-reader.ts'
import { openMustGather } from '../../src/adapters/must-gather/open-must-gather.ts'
import { readTar } from '../../src/adapters/must-gather/read-tar.ts'
import { askedQueries } from '../../src/core/compare/asked-queries.ts'
import { fakeTar, type TarEntry } from '../support/compare/fake-tar.ts'
import { gathered } from '../support/compare/must-gather.ts'

const directoryOf = (t: Test, files: Readonly<Record<string, string | Uint8Array>>): string => {
  const top = t.testdir()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true })
    writeFileSync(join(top, path), content)
  }
  return top
}
const entriesOf = (files: typeof gathered, prefix = ''): readonly TarEntry[] =>
  Object.entries(files).map(([name, content]) => ({ name: `${prefix}${name}`, content }))
const open = (path: string) => openMustGather({ path, shown: 'gathered', queries: askedQueries })
const config = { apiVersion: 'config.openshift.io/v1' }

const answersAsGathered = async (t: Test, path: string): Promise<void> => {
  const { read, list, summary } = await open(path)
  t.match(await read({ ...config, kind: 'ClusterVersion', name: 'version' }), {
    value: { status: { desired: { version: '4.17.9' } } },
  })
  t.match(await read({ ...config, kind: 'Proxy', name: 'cluster' }), {
    value: { spec: { httpProxy: /^http:/ } },
  })
  t.strictSame(await list({ ...config, kind: 'ImageDigestMirrorSet' }), {
    seen: 'present',
    value: [],
  })
  t.match(await list({ apiVersion: 'v1', kind: 'Node' }), {
    value: [{ status: { capacity: { cpu: '64' } } }],
  })
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap' }
  t.match(await read({ ...configMap, namespace: 'openshift-config', name: 'user-ca-bundle' }), {
    value: { data: { 'ca-bundle.crt': 'PEM' } },
  })
  const monitoring = { namespace: 'openshift-monitoring', name: 'cluster-monitoring-config' }
  t.match(
    await read({ ...configMap, ...monitoring }),
    { seen: 'absent' },
    'a list without it says so',
  )
  t.match(await read({ ...configMap, namespace: 'elsewhere', name: 'a' }), { seen: 'unknown' })
  t.match(await list({ apiVersion: 'ptp.openshift.io/v1', kind: 'PtpConfig' }), {
    value: [{ metadata: { name: 'slave' } }],
  })
  const ptp = { apiVersion: 'ptp.openshift.io/v1', kind: 'PtpConfig', namespace: 'openshift-ptp' }
  t.match(await read({ ...ptp, name: 'other' }), { seen: 'unknown' }, 'single files are no list')
  t.match(await list({ apiVersion: 'lvm.topolvm.io/v1alpha1', kind: 'LVMCluster' }), {
    ...{ seen: 'unknown', why: 'not-asked' },
  })
  t.match(await list({ apiVersion: 'v1', kind: 'Unheard' }), { seen: 'unknown' })
  t.match(await summary('node-1'), { seen: 'unknown' })
}

t.test(
  'a must-gather answers as the API server did, and says nothing of what was not gathered',
  async t => {
    const top = directoryOf(t, gathered)
    await answersAsGathered(t, top)
    t.match(mustGatherReader(filesInDirectory(join(top, 'nowhere')), askedQueries), {
      isEmpty: true,
    })
  },
)

t.test(
  'an archive of it answers the same, packed or not, whatever directory it was packed in',
  async t => {
    const tar = fakeTar([
      { name: './', type: '5' },
      { name: 'pax', type: 'g', content: '20 comment=nothing\n' },
      ...entriesOf(gathered, './must-gather.local.1/'),
    ])
    const top = directoryOf(t, { 'a.tar': tar, 'a.tar.gz': gzipSync(tar), 'a.tgz': gzipSync(tar) })
    for (const name of ['a.tar', 'a.tar.gz', 'a.tgz']) await answersAsGathered(t, join(top, name))
  },
)

t.test('only what is asked for is kept of an archive', async t => {
  const top = directoryOf(t, { 'a.tar': fakeTar(entriesOf(gathered)) })
  const seen: string[] = []
  const { list, read } = await filesInArchive(join(top, 'a.tar'), {
    shown: 'a.tar',
    isWanted: path => seen.push(path) > 0 && path.endsWith('timestamp'),
  })
  t.strictSame(list('.'), ['timestamp'])
  t.ok(read('timestamp'))
  t.equal(seen.length, Object.keys(gathered).length)
})

const tarOf = (...entries: readonly TarEntry[]) =>
  readTar(Readable.from([fakeTar(entries)]), () => true)

t.test('names that are too long for a header are read as GNU and pax write them', async t => {
  const long = `${'d'.repeat(120)}/${'f'.repeat(90)}`
  const record = ` path=${long}\n`
  const pax = `${record.length + 3}${record}`
  const found = await tarOf(
    { name: '././@LongLink', type: 'L', content: `${long}\0` },
    { name: 'cut', content: 'gnu' },
    { name: 'PaxHeader', type: 'x', content: pax },
    { name: 'cut', content: 'pax' },
    { name: 'PaxHeader', type: 'x', content: '11 mtime=1\n' },
    { name: `${'p'.repeat(80)}/${'n'.repeat(80)}`, content: 'ustar' },
  )
  t.strictSame([...found.keys()], [long, `${'p'.repeat(80)}/${'n'.repeat(80)}`])
  t.equal(Buffer.from(found.get(long) ?? '').toString(), 'pax')
})

t.test('a hostile archive is refused, and so is a damaged one', async t => {
  const refused: readonly (readonly [TarEntry, RegExp])[] = [
    [{ name: '../evil' }, /leads out of it/],
    [{ name: 'a/../../evil' }, /leads out of it/],
    [{ name: '/etc/passwd' }, /leads out of it/],
    [{ name: 'link', type: '2' }, /link or a device/],
    [{ name: 'hard', type: '1' }, /link or a device/],
    [{ name: 'device', type: '3' }, /link or a device/],
    [{ name: 'large', size: limits.file + 1 }, /it has \d+ bytes/],
    [{ name: 'endless', size: limits.archive + 1 }, /more in it than/],
    [{ name: 'short', size: 4096 }, /ends in the middle/],
  ]
  for (const [entry, reason] of refused)
    await t.rejects(tarOf(entry), { code: 'MUST_GATHER_UNREADABLE', exitCode: 2, message: reason })
  await t.rejects(tarOf({ name: 'x', type: 'L', content: '../evil\0' }, { name: 'y' }), {
    message: /leads out/,
  })
  const skipped = readTar(Readable.from([fakeTar([{ name: 'a', size: 9999 }])]), () => false)
  await t.rejects(skipped, { message: /ends in the middle/ })
  await t.rejects(
    readTar(Readable.from([Buffer.alloc(512, 'x')]), () => true),
    { message: /not a tar file/ },
  )
  await t.rejects(
    readTar(Readable.from([]), () => true),
    { message: /ends in the middle/ },
  )
  const top = directoryOf(t, { 'bad.tgz': 'no gzip', 'x.txt': 'no tar' })
  await t.rejects(open(join(top, 'bad.tgz')), { message: /cannot be unpacked/ })
  await t.rejects(open(join(top, 'x.txt')), { message: /ends in the middle/ })
  await t.rejects(open(join(top, 'gone.tar')), { message: /cannot be unpacked/ })
  await t.rejects(open(top), { message: /neither namespaces nor cluster-scoped-resources/ })
})

t.test('the whole of what is kept has a limit', async t => {
  const block = Buffer.alloc(limits.file)
  const entries = function* () {
    for (;;) yield fakeTar([{ name: 'a', content: block }]).subarray(0, -1024)
  }
  await t.rejects(
    readTar(Readable.from(entries()), () => true),
    { message: /too large/ },
  )
})

t.test('a link in a directory is refused, wherever it leads, and so is a bomb', async t => {
  const top = directoryOf(t, {
    'cluster-scoped-resources/core/nodes.yaml.gz': gzipSync(Buffer.alloc(limits.file + 1)),
    'cluster-scoped-resources/config.openshift.io/x': '',
  })
  symlinkSync('/etc/passwd', join(top, 'cluster-scoped-resources/config.openshift.io/proxies.yaml'))
  symlinkSync('/etc', join(top, 'cluster-scoped-resources/config.openshift.io/networks'))
  const { list } = await open(top)
  await t.rejects(list({ ...config, kind: 'Proxy' }), { message: /it is a link/ })
  await t.rejects(list({ ...config, kind: 'Network' }), { message: /it is a link/ })
  await t.rejects(list({ apiVersion: 'v1', kind: 'Node' }), { message: /too large/ })
  t.match(unreadable('x', 'y').fix, /oc adm must-gather/)
})

t.test('bytes come in the lengths that are asked for', async t => {
  const { take, skip } = byteReader(Readable.from([Buffer.from('ab'), Buffer.from('cdef')]))
  t.equal(String(await take(3)), 'abc')
  t.equal(await skip(2), true)
  t.equal(await take(2), null)
  t.equal(await skip(1), false)
})
