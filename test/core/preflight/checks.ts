import t from 'tap'
import { blocking, type Check } from '../../../src/core/preflight/check.ts'
import { checkProof } from '../../../src/core/preflight/git/check-proof.ts'
import { checkEmpty } from '../../../src/core/preflight/argocd/check-application.ts'
import { checkApplication } from '../../../src/core/preflight/argocd/check-application.ts'
import { unanswered } from '../../../src/core/preflight/judge.ts'
import { checkNoCredential } from '../../../src/core/preflight/git/check-no-credential.ts'
import { checkNoSeedGenerator } from '../../../src/core/preflight/seed/check-no-seed-generator.ts'
import { checkTag } from '../../../src/core/preflight/registry/check-push.ts'
import { checkPush } from '../../../src/core/preflight/registry/check-push.ts'
import { checkSecret } from '../../../src/core/preflight/registry/check-secret.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { readConfiguration } from '../../../src/core/settings/configuration.ts'
import { UnavailableError } from '../../../src/errors.ts'
import { createLeakFinder } from '../../../src/operations/create-leak-finder.ts'
import { fakeRepository } from '../../support/fake-repository.ts'

type Case = readonly [what: string, check: Check, status: Check['status'], reason: RegExp]

const application = {
  name: 'site',
  mismatch: null,
  prunes: true,
  allowsEmpty: false,
  hindrance: null,
}
const elsewhere = { ...application, name: 'stage', mismatch: 'follows stage, not main' }
const withOption = (option: string): Parameters<typeof checkApplication>[1] =>
  present([{ metadata: { annotations: { 'argocd.argoproj.io/sync-options': option } } }])
const generator = { uid: '1', image: 'i', progress: 'none', message: null }
const empty = { left: 0, canSync: false }

const leak = { commit: 'a'.repeat(40), path: 'seeds/a.yaml', line: 3, code: 'PRIVATE_KEY' } as const

const blocks: readonly Case[] = [
  ['commits without a credential', checkNoCredential(present([])), 'pass', /^none in its commits$/],
  [
    'a commit that brings one',
    checkNoCredential(present([leak])),
    'fail',
    /^a{12} seeds\/a\.yaml:3 PRIVATE_KEY$/,
  ],
  [
    'commits that bring many',
    checkNoCredential(present(Array.from({ length: 12 }, () => ({ ...leak, commit: null })))),
    'fail',
    /^null seeds\/a\.yaml:3 PRIVATE_KEY, .*, and 2 more$/,
  ],
  [
    'a commit that brings what cannot be read, under an odd name',
    checkNoCredential(present([{ ...leak, path: 'a\n`b', code: 'YAML_UNREADABLE' }])),
    'fail',
    /^a{12} a\\u\{a\}`b:3 YAML_UNREADABLE$/,
  ],
  [
    'commits that cannot be read',
    checkNoCredential(unknown('unreachable')),
    'unknown',
    /unreachable$/,
  ],
  ['no commits', checkNoCredential(absent), 'unknown', /not scanned$/],
  [
    'one Application that prunes',
    checkApplication(present([application])),
    'pass',
    /^site prunes by itself$/,
  ],
  [
    'one Application that does not',
    checkApplication(present([{ ...application, prunes: false }])),
    'fail',
    /^site does not prune/,
  ],
  [
    'two Applications',
    checkApplication(present([application, { ...application, name: 'twin' }])),
    'fail',
    /^2 Applications render this kustomization: site, twin$/,
  ],
  [
    'no Application that renders it',
    checkApplication(present([])),
    'fail',
    /^0 Applications render this kustomization$/,
  ],
  [
    'an Application of another branch beside the right one',
    checkApplication(present([elsewhere, application])),
    'pass',
    /^site prunes by itself$/,
  ],
  [
    'Applications that nearly render it',
    checkApplication(present([elsewhere, elsewhere, elsewhere, elsewhere])),
    'fail',
    /^0 Applications render this kustomization; these nearly match: stage follows stage, not main, .*, 1 more$/,
  ],
  [
    'an Application that something keeps from pruning',
    checkApplication(present([{ ...application, hindrance: 'has the sync option Prune=false' }])),
    'fail',
    /^site has the sync option Prune=false$/,
  ],
  [
    'a ClusterInstance that is not to be pruned',
    checkApplication(present([application]), withOption('Prune=false')),
    'fail',
    /^site does not prune the ClusterInstance: it is annotated Prune=false$/,
  ],
  [
    'a ClusterInstance that may be pruned',
    checkApplication(present([application]), withOption('PruneLast=true')),
    'pass',
    /^site prunes by itself$/,
  ],
  [
    'a ClusterInstance that cannot be read',
    checkApplication(present([application]), unknown('forbidden')),
    'unknown',
    /^no answer: forbidden$/,
  ],
  ['no Application', checkApplication(absent), 'fail', /^no Application$/],
  [
    'Applications that cannot be read',
    checkApplication(unknown('unreachable')),
    'unknown',
    /^no answer: unreachable$/,
  ],
  ['a proof', checkProof(null), 'pass', /^exactly this ClusterInstance leaves the render$/],
  ['a refused proof', checkProof('site would also lose x'), 'fail', /^site would also lose x$/],
  ['no proof', checkProof(undefined), 'unknown', /^no answer: not rendered$/],
  [
    'no SeedGenerator',
    checkNoSeedGenerator(absent),
    'pass',
    /^the Lifecycle Agent is there and idle$/,
  ],
  ['a SeedGenerator', checkNoSeedGenerator(present(generator)), 'fail', /on the seed already$/],
  [
    'no Lifecycle Agent',
    checkNoSeedGenerator(unknown('not-served')),
    'unknown',
    /install the Lifecycle Agent$/,
  ],
  [
    'a seed that does not answer',
    checkNoSeedGenerator(unknown('unreachable')),
    'unknown',
    /^no answer: unreachable$/,
  ],
  [
    'a Secret that fits',
    checkSecret(present({ reason: null })),
    'pass',
    /^unsealed, with a credential/,
  ],
  [
    'a Secret that does not',
    checkSecret(present({ reason: 'it is not JSON' })),
    'fail',
    /^it is not JSON$/,
  ],
  ['no Secret', checkSecret(absent), 'fail', /^the Secret is not on the hub$/],
  [
    'a Secret that cannot be read',
    checkSecret(unknown('forbidden')),
    'unknown',
    /^no answer: forbidden$/,
  ],
  [
    'a registry that takes it',
    checkPush(present(true)),
    'pass',
    /^the registry let an upload begin$/,
  ],
  [
    'a registry that does not',
    checkPush(present(false)),
    'fail',
    /^the registry refuses an upload$/,
  ],
  ['no credential to push with', checkPush(absent), 'fail', /^the registry refuses an upload$/],
  [
    'a registry that does not answer',
    checkPush(unknown('timeout')),
    'unknown',
    /^no answer: timeout$/,
  ],
  ['a tag that cannot be read', checkTag(unknown('timeout')), 'unknown', /^no answer: timeout$/],
]

const warns: readonly Case[] = [
  [
    'objects that are left',
    checkEmpty(present([application]), { ...empty, left: 3 }),
    'pass',
    /^3 objects are left$/,
  ],
  [
    'an unknown number of objects',
    checkEmpty(present([application]), { ...empty, left: null }),
    'pass',
    /^some objects are left$/,
  ],
  [
    'an Application that may be empty',
    checkEmpty(present([{ ...application, allowsEmpty: true }]), empty),
    'pass',
    /^0 objects are left$/,
  ],
  [
    'an Application that may not',
    checkEmpty(present([application]), empty),
    'fail',
    /auto-sync will wipe out all resources$/,
  ],
  [
    'one of two that may not',
    checkEmpty(present([{ ...application, allowsEmpty: true }, application]), empty),
    'fail',
    /auto-sync/,
  ],
  [
    'one that Sower can sync',
    checkEmpty(present([application]), { ...empty, canSync: true }),
    'pass',
    /Sower then orders one sync with prune/,
  ],
  ['no Application to empty', checkEmpty(absent, empty), 'fail', /^no Application$/],
  [
    'an Application that is not known',
    checkEmpty(unknown('timeout'), empty),
    'unknown',
    /^no answer: timeout$/,
  ],
  ['a free tag', checkTag(absent), 'pass', /^the tag is free$/],
  [
    'a taken tag',
    checkTag(present('sha256:a')),
    'fail',
    /^the tag points to sha256:a and will be replaced$/,
  ],
]

t.test('each check answers in words, and says what to do unless it passed', t => {
  for (const [level, cases] of [
    ['block', blocks],
    ['warn', warns],
  ] as const)
    for (const [what, check, status, reason] of cases) {
      t.match(check, { level, status, reason }, what)
      if (status === 'pass') t.equal(check.fix, '', `${what}: nothing to do`)
      else if (check.reason !== 'no BareMetalHost' && check.reason !== 'no Application')
        t.not(check.fix, '', `${what}: says what to do`)
    }
  t.end()
})

t.test('what blocks is what must pass and did not, an unanswered check included', t => {
  const all = [...blocks, ...warns]
  for (const [what, check, status] of all)
    t.equal(blocking([check]).length, check.level === 'block' && status !== 'pass' ? 1 : 0, what)
  t.strictSame(
    blocking(all.map(([, check]) => check)),
    blocks.filter(([, , status]) => status !== 'pass').map(([, check]) => check),
  )
  t.strictSame(blocking([]), [])
  t.strictSame(blocking([unanswered('a', 'warn', 'timeout')]), [])
  t.end()
})

t.test('a check keeps its name whatever the answer', t => {
  const ids = new Set([...blocks, ...warns].map(([, { id }]) => id))
  t.strictSame([...ids].sort(), [
    'git.no-credential',
    'git.proof',
    'hub.application-not-emptied',
    'hub.application-prunes',
    'registry.push',
    'registry.tag-free',
    'secret.authfile',
    'seed.no-seed-generator',
  ])
  t.end()
})

t.test('every commit of a pull request is scanned, once', async t => {
  const repository = fakeRepository({ 'a.yaml': 'a: b\n' })
  const main = repository.branches.get('main')!
  const content = 'kind: Secret\nmetadata: {name: seedgen}\ndata: {a: b}\n'
  const leaked = repository.write('change', 'Leak', [
    { path: 'b.yaml', content },
    { path: 'bmc.yaml', content: content.replace('seedgen', 'bmc') },
  ])
  const head = repository.write('change', 'Hide', [{ path: 'b.yaml', content: null }])
  const asked: string[] = []
  const port = {
    ...repository.port,
    broughtBy: async (base: string, to: string) => {
      asked.push(to)
      return repository.port.broughtBy(base, to)
    },
  }
  const config = (rest = '') =>
    readConfiguration(
      `apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [a]\n${rest}`,
      () => [],
    )
  const checkout = await repository.port.checkout(main)
  const findLeaks = createLeakFinder(port)
  const found = await findLeaks({ base: { checkout, config: config() }, head })
  const expected = { commit: leaked, path: 'b.yaml', line: 1, code: 'SEEDGEN_SECRET_PLAIN' }
  t.strictSame(found, present([expected]))
  t.match(checkNoCredential(found), { code: 'CREDENTIAL_LEAKED', fix: /^revoke each/ })
  const strict = config('scan: {failOnKnownSecrets: true}\n')
  const all = await findLeaks({ base: { checkout, config: strict }, head })
  t.strictSame(all, present([expected, { ...expected, path: 'bmc.yaml', code: 'KNOWN_SECRET' }]))
  t.strictSame(asked, [head])
  const failing = (error: Error) =>
    createLeakFinder({ broughtBy: async () => Promise.reject(error) })
  const base = { checkout, config: strict }
  const away = new UnavailableError('GIT_FAILED', 'reading the commits: away')
  t.strictSame(await failing(away)({ base, head }), unknown('unreachable'))
  await t.rejects(failing(new Error('a bug'))({ base, head }), { message: 'a bug' })
})
