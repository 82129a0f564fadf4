import t from 'tap'
import { lookAtInstallation } from '../../src/operations/doctor/look-at-installation.ts'
import { besideOverlay, hubWith, type Installed } from '../support/doctor/installed-objects.ts'

const place = {
  config: {
    ...{ seeds: ['sno1'], roots: ['clusters/site-a'] },
    secret: { namespace: 'sower-seeds', name: 'seedgen', allowLiteralAnnotation: false },
    argocd: { namespace: 'openshift-gitops' },
  },
  namespace: 'sower',
  now: new Date(0),
}
const bot: Installed = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'sower', namespace: 'sower' } },
  spec: {
    template: {
      spec: {
        volumes: [
          { name: 'a', secret: { secretName: 'sower-github' } },
          { name: 'b', secret: { secretName: 'gone' } },
          { name: 'c', emptyDir: {} },
        ],
      },
    },
  },
}

t.test('an installation is read without the value of any Secret', async t => {
  const seen = await lookAtInstallation(
    hubWith([...besideOverlay(new Date(0)), bot]),
    place as unknown as Parameters<typeof lookAtInstallation>[1],
  )
  t.strictSame(
    [...seen.secrets],
    [
      ['sower-github', { seen: 'present', value: ['token', 'webhook-secret'] }],
      ['gone', { seen: 'absent' }],
    ],
  )
  t.match(seen, {
    ...{ definition: { seen: 'absent' }, unsealed: { seen: 'present', value: true } },
    ...{ lease: { seen: 'present' }, sealedSecret: { seen: 'present' }, now: 0 },
    applications: { value: [{}, {}] },
    argocdDeployments: { value: [{}] },
  })
  t.notMatch(JSON.stringify([seen, ...seen.secrets]), /Y2FuYXJ5/)
})

t.test('without an answer of the hub nothing is known', async t => {
  const hub = hubWith([], ['Deployment', 'Secret', 'Application'])
  const seen = await lookAtInstallation(
    hub,
    place as unknown as Parameters<typeof lookAtInstallation>[1],
  )
  t.match(seen, { workload: { seen: 'unknown' }, applications: { seen: 'unknown' } })
  t.equal(seen.secrets.size, 0)
})

t.test('where there is no Deployment, the CronJob is read', async t => {
  const { spec } = bot
  const metadata = { name: 'sower', namespace: 'sower' }
  const cronJob = { apiVersion: 'batch/v1', kind: 'CronJob', metadata }
  const seen = await lookAtInstallation(
    hubWith([...besideOverlay(new Date(0)), { ...cronJob, spec: { jobTemplate: { spec } } }]),
    place as unknown as Parameters<typeof lookAtInstallation>[1],
  )
  t.match(seen.workload, { seen: 'present', value: { kind: 'CronJob' } })
  t.strictSame([...seen.secrets.keys()], ['sower-github', 'gone'])
})
