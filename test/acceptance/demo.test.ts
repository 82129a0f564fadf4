import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import type { RecordedRequest } from '../../src/sandbox/github/start-github.ts'
import { scenarios, type Scenario } from '../../src/demo/run-demo.ts'
import { countAsked } from '../support/count-asked.ts'
import { playDemo, type Played } from '../support/play-demo.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { home, temporaryDirectory } from '../support/run-sower.ts'

/** The forms of a value that would give it away: raw, in URLs, and in base64 at any of its three alignments. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  ...[0, 1, 2].map(shift => {
    // The first and last characters carry bits of what stands beside the secret.
    const whole = Buffer.from('\0'.repeat(shift) + secret).toString('base64')
    return whole.replace(/=+$/, '').slice(shift === 0 ? 0 : shift + 1, -1)
  }),
]
const leaksIn = (forms: readonly string[], text: string): readonly string[] =>
  forms.filter(
    form => text.includes(form) || text.includes(form.replaceAll('+', '-').replaceAll('/', '_')),
  )

const git = (repository: string, ...words: string[]): string =>
  execFileSync('git', words, {
    cwd: repository,
    encoding: 'latin1',
    maxBuffer: 1e9,
    stdio: ['ignore', 'pipe', 'pipe'],
  })

const contentsOf = (repository: string): string =>
  execFileSync('git', ['cat-file', '--batch-all-objects', '--batch', '--unordered'], {
    cwd: repository,
    encoding: 'latin1',
    maxBuffer: 1e9,
  })

const filesIn = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .map(path => join(directory, path))
      .filter(path => statSync(path).isFile())
      .map(path => [path, readFileSync(path, 'latin1')]),
  )

/** What the one commit whose subject begins so changes in a file, as lines with their signs. */
const changesOf = ({ all }: Played, subject: RegExp, file: string): readonly string[] => {
  const [commit] = all('commit').filter(
    event => subject.test(event.subject) && event.parents.length === 1,
  )
  const part =
    commit?.diff.split(/^(?=diff --git )/m).find(text => text.includes(` b/${file}\n`)) ?? ''
  return part.split('\n').filter(line => /^[-+](?![-+]{2} )/.test(line))
}

const theRun: Record<
  Exclude<Scenario, 'no-webhook' | 'foreground' | 'app' | 'adopt' | 'protected-base'>,
  { file: string; detached: readonly string[]; left: RegExp }
> = {
  run: {
    file: 'clusters/site-a/kustomization.yaml',
    detached: ['-  - clusterinstance-seed-sno1.yaml', '+  #- clusterinstance-seed-sno1.yaml'],
    left: /^resources:\n {2}# the seed cluster.*\n {2}#- clusterinstance-seed-sno1\.yaml\n {2}# target clusters\n {2}- /m,
  },
  'last-cluster': {
    file: 'clusters/site-b/kustomization.yaml',
    detached: [
      '-resources:',
      '-  - clusterinstance-seed-sno5.yaml',
      '+resources: []',
      '+  #- clusterinstance-seed-sno5.yaml',
    ],
    left: /^resources: \[\]\n {2}#- clusterinstance-seed-sno5\.yaml\n$/m,
  },
}

const phases = [
  'Proposed',
  'Detaching',
  'Detached',
  'Delivering',
  'Generating',
  'Verifying',
  'CleaningUp',
  'Completed',
]

// Both mostly wait, so they wait together.
t.jobs = 2
for (const scenario of ['run', 'last-cluster'] as const)
  t.test(
    `the demo ${scenario} ends Completed, and what it tells is what it leaves`,
    { buffered: true },
    async t => {
      const played = await playDemo(scenario, temporaryDirectory(t))
      const { exitCode, stdout, stderr, kept, all } = played
      const { cluster } = scenarios[scenario]
      t.match({ exitCode, stderr }, { exitCode: 0, stderr: '' })
      t.match(all('end'), [{ outcome: 'Completed', digest: /^sha256:[0-9a-f]{64}$/ }])
      t.same(all('problem'), [])
      t.same(
        all('phase').map(({ to }) => to),
        phases,
      )
      const { digest } = all('end')[0] ?? {}
      if (scenario === 'run') {
        t.match(
          stdout,
          /^A seed image of seed-sno1, on a simulated GitHub, hub and seed cluster\.\n/,
        )
        t.ok(stdout.endsWith(`\nThe image is in the registry: ${digest}\n`), 'the story is told')
      } else t.equal(stdout, played.lines, 'the events are printed')
      const repository = join(kept, 'github', 'example', 'ztp.git')

      await t.test('the commits of the events are those of the repository', async t => {
        const commits = all('commit')
        const shas = (of: typeof commits): string[] => [...new Set(of.map(({ sha }) => sha))].sort()
        const listed = (...words: string[]): string[] =>
          git(repository, 'rev-list', ...words)
            .trim()
            .split('\n')
            .sort()
        // But for the merge that GitHub tries by itself, which is on no branch.
        t.same(shas(commits), listed('--exclude=refs/pull/*/merge', '--all'))
        // A merge brings the commits of a branch to main too: one event a branch.
        const onMain = commits.filter(({ branch }) => branch === 'main')
        t.same(onMain.map(({ sha }) => sha).sort(), listed('main'))
        t.equal(new Set(commits.map(({ branch, sha }) => `${branch} ${sha}`)).size, commits.length)
        for (const { sha, parents, diff, subject } of commits) {
          const [found = ''] = git(repository, 'rev-list', '--parents', '-1', sha)
            .trim()
            .split('\n')
          t.same(found.split(' ').slice(1), parents)
          const from = parents[0] ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
          t.equal(
            Buffer.from(diff).toString('latin1'),
            git(repository, 'diff', '--no-color', from, sha),
            subject,
          )
        }
      })

      await t.test(
        'the detach changes one line, the SeedGenerator comes and goes, the record stays',
        async t => {
          const { file, detached, left } = theRun[scenario]
          t.same(changesOf(played, /^Detach /, file), detached)
          t.match(git(repository, 'show', `main:${file}`), left)
          const generator = `seeds/${cluster}/seedgenerator.yaml`
          t.match(changesOf(played, /^Generate /, generator).join('\n'), /^\+kind: SeedGenerator$/m)
          t.match(
            changesOf(played, /^Record the seed image /, generator).join('\n'),
            /^-kind: SeedGenerator$/m,
          )
          const merge = all('commit').find(
            ({ branch, parents }) => branch === 'main' && parents.length === 2,
          )
          t.same(changesOf(played, /^Record the merge /, `seeds/${cluster}/record.yaml`), [
            '-mergedAs: null',
            `+mergedAs: ${merge?.sha}`,
          ])
          const effects = all('effect').map(({ effect }) => effect['do'])
          const [detach, record] = ['commit-detach', 'record-merge']
          t.equal(effects.indexOf(record), effects.indexOf(detach) + 1, 'before all else')
          const onMain = git(repository, 'ls-tree', '-r', '--name-only', 'main').split('\n')
          t.notOk(onMain.includes(generator))
          t.match(parse(git(repository, 'show', `main:seeds/${cluster}/record.yaml`)), {
            cluster,
            status: 'completed',
            mergedAs: merge?.sha,
            digest: all('end')[0]?.digest,
          })
        },
      )

      const bringBack = async (t: Test): Promise<void> => {
        const clone = temporaryDirectory(t)
        git(clone, 'clone', '--quiet', repository, '.')
        for (const [key, value] of Object.entries({ 'user.name': 'Ada', 'user.email': 'a@b.c' }))
          git(clone, 'config', key, value)
        const record = (): unknown =>
          parse(readFileSync(join(clone, `seeds/${cluster}/record.yaml`), 'utf8'))
        t.match(record(), { status: 'completed', digest })
        const words = ['reattach', cluster, '--commit', '--i-understand-this-may-reinstall']
        t.match(await runInProcess(words, { cwd: clone }), { exitCode: 0 })
        const { file } = theRun[scenario]
        const merge = all('commit').find(
          ({ branch, parents }) => branch === 'main' && parents.length === 2,
        )
        t.equal(git(clone, 'diff', `${merge?.parents[0]}`, 'HEAD', '--', file), '', 'as it was')
        t.match(record(), { status: 'reattached', digest, detached: null })
      }
      if (scenario === 'last-cluster')
        await t.test('reattach brings back what the record names', bringBack)

      await t.test('GitHub is asked no more than was measured', async t => {
        const asked = countAsked(readFileSync(join(kept, 'github-requests.jsonl'), 'utf8'))
        t.ok(asked.counted > 20 && asked.counted <= 80, JSON.stringify(asked))
        t.ok(asked.fetches > 0 && asked.fetches <= 3, 'the clone, the request and the merge')
      })

      await t.test('the push credential is in nothing that was left, said or called', async t => {
        const authfile = readFileSync(join(kept, 'person', 'auth.json'), 'utf8')
        const { auths } = JSON.parse(authfile) as { auths: Record<string, { auth: string }> }
        const auth = Object.values(auths)[0]?.auth ?? ''
        const password = Buffer.from(auth, 'base64')
          .toString()
          .replace(/^[^:]+:/, '')
        t.match(password, /^push-.{20}/)
        const forms = [...formsOf(password), ...formsOf(auth)]
        const places: Record<string, string> = {
          repository: contentsOf(repository) + git(repository, 'log', '-p', '--all'),
          'bot.log': readFileSync(join(kept, 'bot.log'), 'latin1'),
          'github-requests.jsonl': readFileSync(join(kept, 'github-requests.jsonl'), 'latin1'),
          argv: played.called,
          stdout: played.stdout,
          stderr: played.stderr,
          events: played.lines,
          ...filesIn(join(kept, 'bot-data')),
          ...filesIn(repository),
        }
        for (const [place, text] of Object.entries(places)) t.same(leaksIn(forms, text), [], place)

        // The places hold what they must hold, and the search finds what is there.
        t.match(places['argv'], /^git push /m)
        t.match(places['argv'], /^(kustomize build|kubectl kustomize) /m)
        t.match(places['bot.log'], /"level":"debug",/)
        t.match(places['github-requests.jsonl'], /"method":"POST".*comments/)
        t.match(places['repository'], /encryptedData/)
        t.not(leaksIn(forms, authfile).length, 0)
        for (const planted of [
          password,
          encodeURIComponent(password),
          Buffer.from(password).toString('base64'),
          Buffer.from(`x${password}`).toString('base64'),
          Buffer.from(`xy${password}z`).toString('base64'),
          Buffer.from(authfile).toString('base64'),
          Buffer.from(`pusher:${password}`).toString('base64url'),
        ])
          t.not(leaksIn(forms, `before ${planted} after`).length, 0, 'a planted value is found')
      })
    },
  )

t.test(
  'the demo no-webhook ends as the run with webhooks does, and nothing was delivered',
  { buffered: true },
  async t => {
    const { exitCode, all, kept } = await playDemo('no-webhook', temporaryDirectory(t))
    t.equal(exitCode, 0)
    t.match(all('end'), [{ outcome: 'Completed', digest: /^sha256:[0-9a-f]{64}$/ }])
    t.same(all('problem'), [])
    t.same(
      all('phase').map(({ to }) => to),
      phases,
    )
    t.same(
      all('commit')
        .filter(({ branch, author }) => branch === 'main' && author === 'Sower')
        .map(({ subject }) => subject.replace(/ of seed-sno1.*| seed-sno1.*/, '')),
      ['Detach', 'Record the merge', 'Generate the seed image', 'Record the seed image'],
    )
    const log = readFileSync(join(kept, 'bot.log'), 'utf8')
    t.match(log, /"msg":"looking for news, without a webhook"/)
    t.notMatch(log, /"msg":"listening"/)
  },
)

t.test(
  'the demo foreground ends Completed without the bot, and `sower run` ends by itself',
  { buffered: true },
  async t => {
    const { exitCode, all, kept } = await playDemo('foreground', temporaryDirectory(t))
    t.equal(exitCode, 0)
    t.match(all('end'), [{ outcome: 'Completed', digest: /^sha256:[0-9a-f]{64}$/ }])
    t.same(
      all('phase').map(({ to }) => to),
      phases,
    )
    const log = readFileSync(join(kept, 'bot.log'), 'utf8')
    t.match(log, /"msg":"looking for news, without a webhook"/)
    t.notMatch(log, /stopped; `sower run/, 'nobody had to stop it')
  },
)

t.test(
  'the demo protected-base ends Completed by pull requests alone, each merged by a person',
  { buffered: true },
  async t => {
    const { exitCode, all, kept } = await playDemo('protected-base', temporaryDirectory(t))
    t.equal(exitCode, 0)
    t.match(all('end'), [{ outcome: 'Completed', digest: /^sha256:[0-9a-f]{64}$/ }])
    t.same(
      all('phase').map(({ to }) => to),
      phases,
    )
    const told = all('act').flatMap(({ message }) => {
      const [, merged] = /^merges pull request #\d+ of Sower: (.*) of seed-sno1/.exec(message) ?? []
      return merged === undefined ? [] : [merged]
    })
    const steps = ['Record the merge', 'Generate the seed image', 'Record the seed image']
    t.same(told, steps, 'each of Sower is opened once, and a person merges it')
    const repository = join(kept, 'github', 'example', 'ztp.git')
    const first = git(repository, 'log', '--first-parent', '--format=%an', 'main')
      .trim()
      .split('\n')
    t.same(
      [...new Set(first.map(name => name.toLowerCase()))],
      ['ada'],
      'nobody but the person moved the base branch',
    )
    t.match(parse(git(repository, 'show', 'main:seeds/seed-sno1/record.yaml')), {
      status: 'completed',
      digest: all('end')[0]?.digest,
    })
  },
)

t.test(
  'the demo app ends Completed with the token of an installation, and answers with check runs',
  { buffered: true },
  async t => {
    const { exitCode, all, kept } = await playDemo('app', temporaryDirectory(t))
    t.equal(exitCode, 0)
    t.match(all('end'), [{ outcome: 'Completed', digest: /^sha256:[0-9a-f]{64}$/ }])
    t.same(
      all('phase').map(({ to }) => to),
      phases,
    )
    const requests = readFileSync(join(kept, 'github-requests.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as RecordedRequest)
    const written = requests.filter(({ path }) => path.endsWith('/check-runs'))
    const bodies = written.map(
      ({ requestBody }) => JSON.parse(requestBody) as { name: string; conclusion?: string },
    )
    t.match(bodies.filter(({ name }) => name === 'sower').at(-1), { conclusion: 'success' })
    t.ok(
      bodies.some(({ name }) => name === 'sower/check'),
      'also of every pull request',
    )
    t.notOk(
      requests.some(({ path }) => path.includes('/statuses/')),
      'a status is for who has a token',
    )
    const refused = requests.filter(({ status, path }) => status >= 400 && !path.includes('.git/'))
    t.same(refused, [], 'the permissions of the manifest are enough')
    const log = readFileSync(join(kept, 'bot.log'), 'utf8')
    t.notMatch(log, /ghs_|PRIVATE KEY/)
    const key = readFileSync(join(kept, 'bot-secrets', 'app-key.pem'), 'utf8')
    t.notOk(log.includes(key.split('\n')[5] ?? ''), 'nor the middle of the key')
  },
)

t.test(
  'the demo adopt makes an image of a seed that no hub manages, and asks nothing of Argo CD',
  { buffered: true },
  async t => {
    const { exitCode, all, kept } = await playDemo('adopt', temporaryDirectory(t))
    t.equal(exitCode, 0)
    t.match(all('end'), [{ outcome: 'Completed', digest: /^sha256:[0-9a-f]{64}$/ }])
    t.same(all('problem'), [])
    t.same(
      all('phase').map(({ to }) => to),
      phases,
    )
    t.same(
      all('effect').map(({ effect }) => effect['do']),
      [
        ...['record-merge', 'commit-seed-generator', 'deliver-secret', 'apply-seed-generator'],
        ...['delete-seed-generator', 'delete-secret', 'commit-record', 'delete-access'],
      ],
    )
    t.match(all('comment')[0]?.body, /\| adopted \| .*nothing is detached/)
    const onHub = all('act').filter(({ actor }) => /^(?:acm|siteconfig|argocd)$/.test(actor))
    t.match(onHub, [{ message: /./ }])
    t.notOk(onHub.some(({ message }) => /seed-sno1|detach|pruned/.test(message)))
    const repository = join(kept, 'github', 'example', 'ztp.git')
    t.match(git(repository, 'show', 'main:seeds/seed-sno1/request.yaml'), /^adopt: true$/m)
    t.match(parse(git(repository, 'show', 'main:seeds/seed-sno1/record.yaml')), {
      ...{ status: 'completed', detached: null, digest: all('end')[0]?.digest },
    })
  },
)

t.test('`npm run demo` has what the tests have: a build and a kustomize', t => {
  const text = readFileSync(join(home, 'package.json'), 'utf8')
  const { scripts } = JSON.parse(text) as { scripts: Record<string, string> }
  t.match(scripts, { demo: 'node dist/sower.js demo', predemo: scripts['pretest'] })
  t.end()
})
