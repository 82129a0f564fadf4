import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { commitAll } from '../support/commit-all.ts'
import { runInProcess } from '../support/run-in-process.ts'
import {
  gitIn,
  home,
  isOneMessage,
  program,
  runSower,
  shell,
  temporaryDirectory,
} from '../support/run-sower.ts'

const password = 'canary-5e9d-hunter2'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const authfile = `{"auths":{"quay.io":{"auth":"${base64(`robot:${password}`)}"}}}`
const key = ['-----BEGIN', 'PRIVATE', `KEY-----\n${randomBytes(96).toString('base64')}\n`].join(' ')
const seedgen = `kind: Secret\nmetadata: {name: seedgen}\ndata:\n  seedAuth: ${base64(authfile)}\n`
const wrong = {
  exitCode: 3,
  code: 'CREDENTIAL_LEAKED',
  says: /revoke each credential first/,
  stdout: /./,
}

type Finding = { commit: string | null; path: string; line: number; code: string; fails: boolean }

/** The example, committed, and what a person does in it. */
const startClone = async (t: Test) => {
  const at = temporaryDirectory(t)
  cpSync(join(home, 'examples', 'ztp'), at, { recursive: true })
  const git = gitIn(at)
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(at, path)), { recursive: true })
    writeFileSync(join(at, path), content)
  }
  const commit = async (message: string): Promise<string> => {
    await git('add', '--all')
    await git('commit', '--quiet', '--allow-empty', '-m', message)
    return (await git('rev-parse', 'HEAD')).trim()
  }
  await commitAll(at, 'the example', 'Add the sites')
  const base = (await git('rev-parse', 'HEAD')).trim()
  const scan = async (...words: string[]) => {
    const result = await runInProcess(['scan', '-C', at, ...words])
    t.notMatch(result.stdout + result.stderr, password)
    t.notMatch(result.stdout + result.stderr, base64(authfile).slice(0, 12))
    return result
  }
  const findings = async (...words: string[]): Promise<readonly Finding[]> =>
    (JSON.parse((await scan('--json', ...words)).stdout) as { findings: Finding[] }).findings
  return { at, git, write, commit, base, scan, findings }
}

t.test('a repository as ZTP ships it is clean, and its Secrets are listed', async t => {
  const { scan } = await startClone(t)
  const { exitCode, stdout, stderr } = await scan()
  t.equal(exitCode, 0)
  t.equal(stderr, '')
  const [, notes, told = ''] =
    /^scanned \d+ files: 0 findings, (\d+) notes?\nnotes, which do not fail:\n((?: {2}.+\n)+)$/.exec(
      stdout,
    ) ?? []
  t.equal(told.split('\n').length - 1, Number(notes), 'as many as it says')
  t.match(JSON.parse((await scan('--json')).stdout), { failing: 0, notes: Number(notes) })
  t.match((await scan('-o', 'wide')).stdout, /^ {2}[0-9a-f]{40} clusters\//m, 'whole commits')
  t.match(
    stdout,
    /^ {2}[0-9a-f]{12} clusters\/site-a\/target-sno4\/bmc-secret.yaml:3 KNOWN_SECRET$/m,
  )
  t.match(stdout, /target-sno4\/pull-secret.yaml:3 KNOWN_SECRET$/m)
})

t.test('what a commit of the range brought is found, though later ones removed it', async t => {
  const { git, write, commit, base, scan, findings } = await startClone(t)
  write('seeds/secret.yaml', seedgen)
  write('notes/\n\u001b[31m\u202e.yaml', seedgen)
  const first = await commit('Add the secret')
  await git('rm', '--quiet', '-r', 'seeds/secret.yaml', 'notes')
  write('config.yaml', `kind: ConfigMap\ndata:\n  a: ${base64(base64(authfile))}\n`)
  const second = await commit('Hide it')
  await git('checkout', '--quiet', '-b', 'side', base)
  await commit('Nothing')
  await git('checkout', '--quiet', 'main')
  await git('merge', '--quiet', '--no-ff', '--no-commit', 'side')
  write('tls.key', key)
  const merge = await commit('Merge')
  write(
    'seed-secret/sealed.yaml',
    `kind: SealedSecret\nspec:\n  encryptedData:\n    a: ${base64(password)}\n`,
  )
  write('seed-secret/broken.yaml', 'a: [\n')
  const last = await commit('Seal')
  await git('rm', '--quiet', '-r', 'config.yaml', 'tls.key', 'seed-secret')
  const head = await commit('Clean up')
  t.strictSame(
    (await findings('--base', base)).map(({ commit, path, line, code }) => [
      commit,
      path,
      line,
      code,
    ]),
    [
      [first, 'notes/\n\u001b[31m\u202e.yaml', 4, 'AUTHFILE_MATERIAL'],
      [first, 'notes/\n\u001b[31m\u202e.yaml', 4, 'SEEDGEN_SECRET_PLAIN'],
      [first, 'seeds/secret.yaml', 4, 'AUTHFILE_MATERIAL'],
      [first, 'seeds/secret.yaml', 4, 'SEEDGEN_SECRET_PLAIN'],
      [second, 'config.yaml', 3, 'AUTHFILE_MATERIAL'],
      [merge, 'tls.key', 1, 'PRIVATE_KEY'],
      [last, 'seed-secret/sealed.yaml', 4, 'SEALED_NO_CIPHERTEXT'],
    ],
  )
  t.ok(
    (await findings('--base', base, '--head', last)).some(({ code }) => code === 'YAML_UNREADABLE'),
  )
  const text = await scan('--base', base)
  isOneMessage(t, text, wrong)
  t.match(text.stdout, `${first.slice(0, 12)} notes/\\u{a}\\u{1b}[31m\\u{202e}.yaml:4`)
  t.equal((await scan('--base', head)).exitCode, 0)
  t.equal((await scan()).exitCode, 0, 'HEAD itself is clean')
})

t.test(
  'a credential that was there before and is removed is told of, and fails nothing',
  async t => {
    const { git, write, commit, base, scan, findings } = await startClone(t)
    write('seeds/secret.yaml', seedgen)
    write('kept.json', authfile)
    write('moved.json', `${authfile}\n`)
    const before = await commit('Leak')
    write('seeds/secret.yaml', 'a: 1\n')
    write('kept.json', `${authfile}\n\n`)
    await git('mv', 'moved.json', 'elsewhere.json')
    await git('add', '--all')
    const staged = await findings('--staged')
    t.match(staged.at(-1), { commit: null, path: 'seeds/secret.yaml', code: 'REMOVED_CREDENTIAL' })
    const edit = await commit('Edit')
    t.strictSame(
      (await findings('--base', before)).map(({ commit, path, line, code, fails }) => [
        ...[commit, path, line, code, fails],
      ]),
      [
        [edit, 'elsewhere.json', 1, 'AUTHFILE_MATERIAL', true],
        [edit, 'kept.json', 1, 'AUTHFILE_MATERIAL', true],
        [edit, 'seeds/secret.yaml', 4, 'REMOVED_CREDENTIAL', false],
      ],
      'what is still there is told of once',
    )
    await git('rm', '--quiet', 'kept.json', 'elsewhere.json')
    const last = await commit('Remove')
    const { exitCode, stdout } = await scan('--base', edit)
    t.equal(exitCode, 0)
    t.match(
      stdout,
      `notes, which do not fail:\n  ${last.slice(0, 12)} elsewhere.json:1 REMOVED_CREDENTIAL`,
    )
    t.match(stdout, 'scanned 0 files: 0 findings, 2 notes')
    t.notMatch((await scan('--base', base)).stdout, /REMOVED_CREDENTIAL/, 'the range brought them')
  },
)

t.test('a hook keeps a credential out, also from an index of its own', async t => {
  const { at, git, write, scan, findings } = await startClone(t)
  const hook = join(at, '.git', 'hooks', 'pre-commit')
  mkdirSync(dirname(hook))
  const words = [process.execPath, program, 'scan', '--staged'].map(word => `'${word}'`).join(' ')
  const kept = Object.entries(shell())
    .map(([name, value]) => `${name}='${value}'`)
    .join(' ')
  const only = '${GIT_INDEX_FILE:+GIT_INDEX_FILE="$GIT_INDEX_FILE"}'
  writeFileSync(hook, `#!/bin/sh\nexec env -i ${kept} ${only} ${words}\n`)
  chmodSync(hook, 0o755)
  write('sower.yaml', 'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [a]\n')
  await git('add', '--all')
  await git('commit', '--quiet', '-m', 'Change the configuration')
  write('sower.yaml', seedgen)
  await t.rejects(git('commit', '--quiet', '--all', '-m', 'Leak'), { message: /CREDENTIAL_LEAKED/ })
  t.strictSame(await findings('--staged'), [], 'nothing is in the index itself')
  await git('add', '--all')
  const staged = await scan('--staged')
  isOneMessage(t, staged, { ...wrong, says: /git restore --staged/ })
  t.match(staged.stdout, /^ {2}staged sower.yaml:4 SEEDGEN_SECRET_PLAIN$/m)
})

t.test('the first commit of a repository can be scanned before it is made', async t => {
  const at = temporaryDirectory(t)
  await gitIn(at)('init', '--quiet')
  writeFileSync(join(at, 'a.yaml'), seedgen)
  await gitIn(at)('add', '.')
  const { exitCode, stdout } = await runSower(['scan', '--staged'], { cwd: at })
  t.equal(exitCode, 3)
  t.match(stdout, /staged a.yaml:4 SEEDGEN_SECRET_PLAIN/)
})

t.test('odd files neither stop the scan nor hide anything', async t => {
  const { at, git, write, commit, base, findings } = await startClone(t)
  write('utf16.yaml', Buffer.from(`\uFEFF${seedgen}`, 'utf16le'))
  write('latin1.yaml', Buffer.concat([Buffer.from([0x23, 0xff, 0xfe, 0x0a]), Buffer.from(seedgen)]))
  write('image.bin', Buffer.concat([randomBytes(5000), Buffer.from(key), randomBytes(5000)]))
  for (const huge of ['huge.bin', 'seeds/huge.yaml'])
    write(huge, Buffer.alloc(5 * 1024 * 1024 + 1, 'a'))
  write('empty.yaml', '')
  symlinkSync('utf16.yaml', join(at, 'link.yaml'))
  await git('update-index', '--add', '--cacheinfo', `160000,${base},module`)
  await commit('Add odd files')
  await git('mv', 'utf16.yaml', 'moved.yaml')
  await commit('Rename')
  const found = (await findings('--base', base)).map(({ path, code }) => `${path} ${code}`)
  for (const path of ['utf16.yaml', 'latin1.yaml', 'moved.yaml'])
    t.ok(found.includes(`${path} SEEDGEN_SECRET_PLAIN`), path)
  t.ok(found.includes('image.bin PRIVATE_KEY'))
  t.ok(found.includes('huge.bin NOT_SCANNED'))
  t.ok(found.includes('seeds/huge.yaml YAML_UNREADABLE'), 'what nobody reads does not pass there')
  t.notOk(found.some(finding => /^(?:link|empty|module)/.test(finding)))
})

t.test('known Secrets fail where the configuration says so', async t => {
  const { at, commit, git, findings } = await startClone(t)
  writeFileSync(join(at, 'sower.yaml'), 'scan: {failOnKnownSecrets: true}\n', { flag: 'a' })
  await commit('Be strict')
  t.ok((await findings()).every(({ fails }) => fails))
  t.equal((await runInProcess(['scan', '-C', join(at, 'clusters', 'site-a')])).exitCode, 3)
  await git('rm', '--quiet', 'sower.yaml')
  await commit('Without')
  t.notOk((await findings()).some(({ fails }) => fails))
})

t.test('what cannot be scanned is one message', async t => {
  const { at, commit, base, scan } = await startClone(t)
  const invalid = { exitCode: 2, code: 'ARGUMENT_INVALID' }
  isOneMessage(t, await scan('--base', 'nowhere'), { ...invalid, says: /fetch it, or name/ })
  isOneMessage(t, await scan('--base=--output=x'), { ...invalid, says: /no commit --output=x in/ })
  isOneMessage(t, await scan('--staged', '--head', 'HEAD'), { ...invalid, says: /takes no --base/ })
  const elsewhere = temporaryDirectory(t)
  isOneMessage(t, await runInProcess(['scan', '-C', elsewhere]), {
    exitCode: 2,
    code: 'GIT_FAILED',
    says: /not a clone/,
  })
  await commit('Second')
  const last = await commit('Third')
  await gitIn(elsewhere)('clone', '--quiet', '--depth', '1', `file://${at}`, 'shallow')
  const shallow = join(elsewhere, 'shallow')
  const says = /git fetch --unshallow/
  isOneMessage(t, await runInProcess(['scan', '-C', shallow, '--base', base]), { ...invalid, says })
  await gitIn(shallow)('fetch', '--quiet', '--depth', '1', 'origin', base)
  isOneMessage(t, await runInProcess(['scan', '-C', shallow, '--base', base]), { ...invalid, says })
  t.equal((await runInProcess(['scan', '-C', shallow, '--base', last])).exitCode, 0)
  writeFileSync(join(at, 'seeds', 'x.yaml'), 'a: [\n')
  await commit('Break')
  isOneMessage(t, await scan(), {
    exitCode: 3,
    code: 'SCAN_INCOMPLETE',
    says: /correct the YAML/,
    stdout: /YAML_UNREADABLE/,
  })
})

t.test('a repository of 3,500 files is scanned', async t => {
  const { write, commit, scan } = await startClone(t)
  const body = `kind: ClusterInstance\nspec:\n${'  a: some words of a value\n'.repeat(70)}`
  for (let count = 0; count < 3500; count += 1)
    write(`many/${count}.yaml`, `${body}  n: ${count}\n`)
  await commit('Add many')
  t.match(await scan(), { exitCode: 0, stdout: /^scanned 35\d\d files: 0 findings/ })
})
