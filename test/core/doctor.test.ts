import t from 'tap'
import { checkArgoCd } from '../../src/core/doctor/check-argo-cd.ts'
import { checkBot } from '../../src/core/doctor/check-bot.ts'
import { checkGitHub } from '../../src/core/doctor/check-git-hub.ts'
import { checkOf } from '../../src/core/doctor/check-of.ts'
import { checkRights } from '../../src/core/doctor/check-rights.ts'
import { checkSealed } from '../../src/core/doctor/check-sealed.ts'
import { examineInstallation } from '../../src/core/doctor/examine-installation.ts'
import { isRounds, podOf } from '../../src/core/doctor/pod-of.ts'
import type { Installation } from '../../src/core/doctor/installation.ts'
import { absent, present, unknown } from '../../src/core/seen.ts'
import { besideOverlay, type Installed } from '../support/doctor/installed-objects.ts'

const now = Date.parse('2026-11-22T10:00:00Z')
const objects = besideOverlay(new Date(now))
const named = (kind: string, name: string): Installed =>
  objects.find(object => object.kind === kind && object.metadata.name === name)!
const deployment = {
  status: { availableReplicas: 1 },
  spec: {
    template: {
      spec: {
        containers: [
          {
            image: 'registry.example.com/sower/bot:0.1.0',
            env: [
              { name: 'SOWER_TOKEN_FILE', value: '/run/github/token' },
              { name: 'SOWER_REGISTRY_CA_FILE' },
              { name: 'SOWER_DATA', value: '/data' },
            ],
            volumeMounts: [{ name: 'github', mountPath: '/run/github' }],
          },
        ],
        volumes: [{ name: 'github', secret: { secretName: 'sower-github' } }],
      },
    },
  },
}
const gitHub: NonNullable<Installation['gitHub']> = {
  ...{ repository: 'acme/ztp', branch: 'main', isRequired: present(true) },
  access: present({ mayPush: true, isArchived: false }),
  hooks: present([
    {
      ...{ active: true, last_response: { code: 202, status: 'active', message: 'OK' } },
      config: { url: 'https://sower.example.com/webhook', content_type: 'json' },
      events: [
        ...['pull_request', 'issue_comment', 'pull_request_review', 'pull_request_review_comment'],
      ],
    },
  ]),
}
const healthy: Installation = {
  gitHub,
  ...{ namespace: 'sower', argocdNamespace: 'openshift-gitops', now },
  ...{ seeds: ['sno1'], roots: ['clusters/site-a'] },
  definition: present({ spec: { versions: [{ name: 'v1alpha1', served: true }] } }),
  workload: present(deployment),
  secrets: new Map([['sower-github', present(['token'])]]),
  lease: present(named('Lease', 'sower')),
  clusterRoles: present([
    {
      metadata: { name: 'seeds' },
      rules: [
        {
          ...{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
          resourceNames: ['sno1-admin-kubeconfig'],
        },
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
      ],
    },
  ]),
  clusterRoleBindings: present([
    {
      roleRef: { name: 'seeds' },
      subjects: [{ kind: 'ServiceAccount', name: 'sower', namespace: 'sower' }],
    },
    { roleRef: { name: 'others' }, subjects: [{ kind: 'Group', name: 'all' }] },
  ]),
  applications: present(objects.filter(({ kind }) => kind === 'Application')),
  argocdDeployments: present([named('Deployment', 'openshift-gitops-repo-server')]),
  sealedSecret: present(named('SealedSecret', 'seedgen')),
  unsealed: present(true),
}
/** The same text with other words in it, as another object. */
const changed = (value: unknown, from: string, to: string): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(from, to))
const repoServer = (from: string, to: string): Partial<Installation> => ({
  argocdDeployments: present([
    changed(named('Deployment', 'openshift-gitops-repo-server'), from, to),
  ]),
})

t.test('nothing is wrong with an installation that is whole', t => {
  const checks = examineInstallation(healthy)
  t.strictSame(
    checks.filter(({ status }) => status !== 'pass'),
    [],
  )
  t.strictSame(checks, [
    ...checkBot(healthy),
    checkRights(healthy),
    ...checkArgoCd(healthy),
    ...checkSealed(healthy),
    ...checkGitHub(healthy),
  ])
  t.end()
})

t.test('each fault is found by its name', t => {
  for (const [id, fault, reason] of [
    ['hub.definition', { definition: absent }, /does not know the kind/],
    [
      'hub.definition',
      { definition: present({ spec: { versions: [{ name: 'v1alpha1', served: false }] } }) },
      /does not serve v1alpha1/,
    ],
    ['bot.deployment', { workload: present({ ...deployment, status: {} }) }, /no pod of the bot/],
    ['bot.deployment', { workload: present({ ...deployment, status: null }) }, /no pod/],
    ['bot.files', { secrets: new Map([['sower-github', absent]]) }, /no Secret sower-github/],
    ['bot.files', { secrets: new Map([['sower-github', present(['t'])]]) }, /has no key token/],
    [
      'bot.files',
      { workload: present(changed(deployment, '/run/github/token', '/run/token')) },
      /SOWER_TOKEN_FILE names \/run\/token, where nothing is mounted/,
    ],
    [
      'bot.files',
      {
        workload: present(changed(deployment, '"name":"github","secret"', '"name":"x","secret"')),
      },
      /where nothing is mounted/,
    ],
    ['bot.acts', { lease: absent }, /no bot has ever acted/],
    ['bot.acts', { now: now + 121_000 }, /the Lease was last renewed/],
    ['bot.acts', { now: now - 31_000 }, /clock of the hub is ahead/],
    [
      'bot.acts',
      { lease: present(changed(named('Lease', 'sower'), '"pod"', '""')) },
      /no bot acts/,
    ],
    ['hub.seed-rights', { seeds: ['sno1', 'sno2'] }, /kubeconfig of sno2$/],
    ['hub.seed-rights', { clusterRoleBindings: present([]) }, /kubeconfig of sno1$/],
    ['hub.seed-rights', { clusterRoleBindings: absent }, /no ClusterRole/],
    ['hub.seed-rights', { clusterRoles: absent }, /no ClusterRole/],
    ['argocd.roots', { roots: ['clusters/site-a', 'other'] }, /renders other$/],
    ['argocd.sidecar', repoServer('"sower"', '"other"'), /has no container sower/],
    [
      'argocd.sidecar',
      repoServer('{"name":"var-files"}', '{"name":"gone"}'),
      /has no volume at \/var\/run\/argocd$/,
    ],
    [
      'argocd.sidecar',
      repoServer('/home/argocd/cmp-server/plugins', '/plugins'),
      /no volume at \/home\/argocd\/cmp-server\/plugins$/,
    ],
    ['argocd.sidecar', { argocdDeployments: present([]) }, /no Deployment of a repo-server/],
    ['argocd.plugin-version', repoServer('plugin:0.1.0', 'plugin:0.2.0'), /of 0.2.0 and .* 0.1.0/],
    ['argocd.plugin-version', repoServer('plugin:0.1.0', 'plugin'), /is of no tag/],
    ['secret.sealed', { sealedSecret: absent }, /is not on the hub/],
    [
      'secret.sealed',
      {
        sealedSecret: present({
          metadata: { generation: 1 },
          status: {
            observedGeneration: 1,
            conditions: [{ type: 'Synced', status: 'False', message: 'no key' }],
          },
        }),
      },
      /has not unsealed it: no key$/,
    ],
    [
      'secret.sealed',
      { sealedSecret: present(changed(named('SealedSecret', 'seedgen'), 'tion":1}', 'tion":2}')) },
      /has not unsealed it$/,
    ],
    ['secret.unsealed', { unsealed: absent }, /no Secret that the SealedSecret/],
  ] satisfies readonly (readonly [string, Partial<Installation>, RegExp])[]) {
    const wrong = examineInstallation({ ...healthy, ...fault }).filter(
      ({ status }) => status === 'fail',
    )
    t.strictSame(
      wrong.map(({ id }) => id),
      [id],
      String(reason),
    )
    t.match(wrong, [
      { reason, fix: /\w/, level: id === 'argocd.plugin-version' ? 'warn' : 'block' },
    ])
  }
  t.end()
})

t.test('without a bot, or without an Application, all that rests on it fails', t => {
  const failing = (fault: Partial<Installation>): readonly string[] =>
    examineInstallation({ ...healthy, ...fault })
      .filter(({ status }) => status === 'fail')
      .map(({ id }) => id)
  t.strictSame(failing({ workload: absent }), [
    'bot.deployment',
    'bot.files',
    'argocd.plugin-version',
  ])
  for (const applications of [absent, present([])])
    t.strictSame(failing({ applications }), ['argocd.roots'], 'and nobody needs the sidecar')
  t.strictSame(failing({ argocdDeployments: absent }), ['argocd.sidecar'])
  t.end()
})

t.test('no answer is neither a pass nor a fault', t => {
  const silent = unknown('timeout')
  const checks = examineInstallation({
    ...healthy,
    ...{ definition: silent, workload: silent, lease: silent, clusterRoleBindings: silent },
    ...{ applications: silent, sealedSecret: silent, unsealed: silent },
  })
  t.strictSame(
    checks.filter(({ status }) => status !== 'unknown').map(({ id }) => id),
    ['argocd.sidecar', 'github.permissions', 'github.webhook', 'github.check-required'],
  )
  t.match(checks[0], {
    reason: 'reading the definition of SeedRun: no answer (timeout)',
    fix: /ask again when the API server .* answers/,
  })
  for (const [why, fix] of [
    ['forbidden', /as a user who may read it/],
    ['not-served', /where that kind is installed/],
  ] as const) {
    const asked = { id: 'a.b', of: 'a', read: unknown(why) }
    const check = checkOf({ ...asked, whenAbsent: { reason: '', fix: '' }, judge: () => null })
    t.match(check, { status: 'unknown', fix })
  }
  t.end()
})

t.test('rounds of a CronJob are an installation, too', t => {
  const status = {
    ...{ lastScheduleTime: '2026-11-22T09:59:00Z', lastSuccessfulTime: '2026-11-22T09:58:10Z' },
  }
  const { spec } = deployment
  const cronJob = { kind: 'CronJob', status, spec: { jobTemplate: { spec } } }
  t.ok(isRounds(cronJob) && !isRounds(deployment))
  t.equal(podOf(cronJob), podOf(deployment))
  const lease = present(changed(named('Lease', 'sower'), '"holderIdentity":"', '"x":"'))
  const rounds = { ...healthy, lease, workload: present(cronJob) }
  const bad = (of: Installation) => examineInstallation(of).filter(one => one.status !== 'pass')
  t.strictSame(bad(rounds), [])
  t.match(bad({ ...rounds, workload: present(deployment) }), [{ id: 'bot.acts' }])
  t.match(bad({ ...rounds, secrets: new Map([['sower-github', absent]]) }), [{ id: 'bot.files' }])
  for (const [change, reason] of [
    [{ spec: { ...cronJob.spec, suspend: true } }, /suspended/],
    [{ status: {} }, /no round of the bot has ended well$/],
    [{ status: { ...status, lastSuccessfulTime: '2026-11-22T09:28:00Z' } }, /for half an hour/],
  ] as const)
    t.match(bad({ ...rounds, workload: present({ ...cronJob, ...change }) }), [
      { id: 'bot.deployment', status: 'fail', reason },
    ])
  t.end()
})

t.test(
  "GitHub's settings are checked where a token is named, and said not to be asked otherwise",
  t => {
    const [hook] = (gitHub.hooks.seen === 'present' ? gitHub.hooks.value : []) as [object]
    const bad = (of: Partial<typeof gitHub>) =>
      checkGitHub({ gitHub: { ...gitHub, ...of } }).filter(one => one.status !== 'pass')
    const withHook = (of: object) => ({ hooks: present([{ ...hook, ...of }]) })
    t.match(checkGitHub({ gitHub: null }), [{ level: 'warn', status: 'not-asked' }])
    t.strictSame(bad({}), [])
    t.strictSame(bad(withHook({ events: ['*'], last_response: { code: null } })), [], 'never asked')
    const config = { url: 'https://sower.example.com/webhook/', content_type: 'form' }
    const webhook = 'github.webhook'
    for (const [seen, id, reason] of [
      [{ access: absent }, 'github.permissions', /does not reach acme\/ztp/],
      [
        { access: present({ mayPush: false, isArchived: false }) },
        'github.permissions',
        /may not push/,
      ],
      [
        { access: present({ mayPush: true, isArchived: true }) },
        'github.permissions',
        /is archived/,
      ],
      [{ isRequired: present(false) }, 'github.check-required', /does not require sower\/check/],
      [{ isRequired: absent }, 'github.check-required', /no branch main/],
      [{ hooks: present([]) }, webhook, /no active webhook/],
      [{ hooks: absent }, webhook, /no active webhook/],
      [withHook({ active: false }), webhook, /no active webhook/],
      [withHook({ config: { url: 'https://ci.example.com/hook' } }), webhook, /no active webhook/],
      [
        withHook({ events: ['issue_comment'] }),
        webhook,
        /bring pull_request, pull_request_review,/,
      ],
      [withHook({ config }), webhook, /sends forms/],
      [withHook({ last_response: { code: 502 } }), webhook, /answered with 502/],
    ] as const)
      t.match(bad(seen), [{ id, status: 'fail', reason }], `${id}: ${String(reason)}`)
    t.match(bad(withHook({ last_response: { code: 401 } })), [{ fix: /the same secret/ }])
    t.match(bad({ access: unknown('timeout'), hooks: unknown('forbidden') }), [
      { id: 'github.permissions', level: 'block', status: 'unknown', fix: /GitHub answers/ },
      { id: webhook, level: 'warn', status: 'unknown', fix: 'name a token that may read it' },
    ])
    t.end()
  },
)
