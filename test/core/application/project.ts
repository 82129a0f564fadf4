import t from 'tap'
import { lastFire, readCron } from '../../../src/core/application/project/cron-schedule.ts'
import { globMatch, globMatchOrNot } from '../../../src/core/application/project/glob-match.ts'
import { projectForbids } from '../../../src/core/application/project/project-forbids.ts'
import { readProject, type Project } from '../../../src/core/application/project/read-project.ts'
import {
  allowedAgain,
  concerns,
  isOpen,
  readDuration,
  windowDenies,
} from '../../../src/core/application/project/window-denies.ts'

const projectWith = (spec: unknown): Project => {
  const project = readProject({ metadata: { name: 'ztp' }, spec })
  if (!project) throw new Error('no project')
  return project
}

t.test('a schedule fires when robfig/cron lets it', t => {
  const last = (schedule: string, before: string, days = 400): string | undefined => {
    const cron = readCron(schedule)
    const at = Date.parse(before)
    const found = cron && lastFire(cron, { before: at, after: at - days * 86_400_000 })
    return found === undefined ? undefined : new Date(found).toISOString().slice(0, 16)
  }
  // 2026-11-30 is a Monday.
  const at = '2026-11-30T10:00:00Z'
  for (const [schedule, expected] of [
    ['* * * * *', '2026-11-30T09:59'],
    ['0 10 * * *', '2026-11-29T10:00'],
    ['*/15 8-9 * * *', '2026-11-30T09:45'],
    ['5/20 9 * * *', '2026-11-30T09:45'],
    ['0 22 * * 0', '2026-11-29T22:00'],
    ['0 22 * * sun,SAT', '2026-11-29T22:00'],
    ['0 22 ? Nov mon-fri', '2026-11-27T22:00'],
    // Both days are named, so that one of them is enough.
    ['0 22 15 * 5', '2026-11-27T22:00'],
    ['0 22 15 * *', '2026-11-15T22:00'],
    // A step of more than one is no star.
    ['0 22 */2 * 3', '2026-11-29T22:00'],
    ['0 0 31 2 *', undefined],
    ['30 1 1 1 *', '2026-01-01T01:30'],
  ] as const)
    t.equal(last(schedule, at), expected, schedule)
  t.equal(last('0 22 * * 0', at, 0.4), undefined, 'not within the time')
  t.equal(last('0 11 * * *', at, 0.9), undefined, 'nor later on the same day')
  for (const schedule of [
    ...['', '* * * *', '* * * * * *', '60 * * * *', '* * 0 * *', '* * * * 7', '5-3 * * * *'],
    ...['*/0 * * * *', '1-2-3 * * * *', 'x * * * *', '* * * mon *', '@daily', '1,x * * * *'],
  ])
    t.equal(readCron(schedule), undefined, schedule)
  t.end()
})

t.test('a pattern matches as it does for Argo CD', t => {
  for (const [pattern, value, separator] of [
    ['*', 'a/b', '/'],
    ['site-*', 'site-a/b', ''],
    ['https://github.com/example/*', 'https://github.com/example/site', '/'],
    ['https://github.com/**', 'https://github.com/example/site', '/'],
    ['site-?', 'site-a', ''],
    ['site-[ab]', 'site-b', ''],
    ['site-[!ab]', 'site-c', ''],
    ['{site,seed}-a', 'seed-a', ''],
    ['a,b.(+)|^$', 'a,b.(+)|^$', ''],
    ['a\\*', 'a*', ''],
  ] as const)
    t.ok(globMatch(pattern, value, separator), pattern)
  for (const [pattern, value, separator] of [
    ['https://github.com/*', 'https://github.com/example/site', '/'],
    ['site', 'site-a', ''],
    ['site-[!ab]', 'site-a', ''],
    ['a\\*', 'ab', ''],
    ['', 'a', ''],
    ['{a', 'a', ''],
    ['[z-a]', 'b', ''],
  ] as const)
    t.notOk(globMatch(pattern, value, separator), pattern)
  t.ok(globMatchOrNot('!stage-*', 'site'))
  t.notOk(globMatchOrNot('!stage-*', 'stage-a'))
  t.ok(globMatchOrNot('stage-*', 'stage-a'))
  t.end()
})

t.test('a duration is read as Go reads it', t => {
  for (const [text, milliseconds] of [
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['90s10ms', 90_010],
    ['0', 0],
    ['1d', undefined],
    ['', undefined],
    ['-1h', undefined],
  ] as const)
    t.equal(readDuration(text), milliseconds, text)
  t.end()
})

const placed = {
  name: 'clusters',
  destination: { server: 'https://kubernetes.default.svc', name: '', namespace: 'clusters-sub' },
}
const window = (more: object): object => ({
  ...{ kind: 'deny', schedule: '0 22 * * *', duration: '1h', applications: ['*'], ...more },
})
const windowOf = (more: object) =>
  projectWith({ syncWindows: [window(more)] }).spec.syncWindows![0]!

t.test('a window is open from its time on, in its time zone', t => {
  for (const [more, at, expected] of [
    [{}, '2026-07-01T22:00:01Z', true],
    [{}, '2026-07-01T22:59:59Z', true],
    [{}, '2026-07-01T22:00:00Z', false],
    [{}, '2026-07-01T23:00:00Z', false],
    [{ timeZone: 'Europe/Berlin' }, '2026-07-01T20:30:00Z', true],
    [{ timeZone: 'Europe/Berlin' }, '2026-12-01T21:30:00Z', true],
    [{ timeZone: 'Europe/Berlin' }, '2026-07-01T22:30:00Z', false],
    [{ timeZone: 'Nowhere/Else' }, '2026-07-01T22:30:00Z', true],
    [{ duration: '26h' }, '2026-07-01T21:00:00Z', true],
    [{ schedule: '0 0 1 1 *', duration: '99999h' }, '2026-07-01T21:00:00Z', true],
    [{ schedule: 'never' }, '2026-07-01T21:00:00Z', undefined],
    [{ duration: 'long' }, '2026-07-01T21:00:00Z', undefined],
  ] as const)
    t.equal(isOpen(windowOf(more), at), expected, `${JSON.stringify(more)} ${at}`)
  t.end()
})

t.test('a window is for the Applications, clusters and namespaces that it names', t => {
  for (const [more, expected] of [
    [{ applications: ['clus*'] }, true],
    [{ applications: ['other'] }, false],
    [{ applications: [], clusters: ['https://kubernetes.*'] }, true],
    [{ applications: null, clusters: ['in-cluster'] }, false],
    [{ applications: ['other'], namespaces: ['clusters-*'] }, true],
    [{ applications: ['other'], namespaces: ['clusters-*'], andOperator: true }, false],
    [{ applications: ['clusters'], namespaces: ['clusters-*'], andOperator: true }, true],
    [{ applications: [], andOperator: true }, false],
    [{ applications: [] }, false],
  ] as const)
    t.equal(concerns(windowOf(more), placed), expected, JSON.stringify(more))
  t.end()
})

t.test('the windows of a project deny a sync as Argo CD does', t => {
  const [open, closed] = ['2026-07-01T22:30:00Z', '2026-07-01T12:00:00Z']
  const ask = (windows: readonly object[] | null, at: string, isManual = false): string | null =>
    windowDenies(projectWith({ syncWindows: windows }), placed, { at, isManual })
  const [deny, allow] = [window({}), window({ kind: 'allow', timeZone: 'UTC' })]
  const saysOpen = 'the deny window "0 22 * * *" of 1h of project ztp is open'
  const saysClosed = 'the allow window "0 22 * * *" of 1h (UTC) of project ztp is closed'
  t.equal(ask(null, open), null)
  t.equal(ask([deny], open), saysOpen)
  t.equal(ask([deny], closed), null)
  t.equal(ask([deny, allow], open), saysOpen)
  t.equal(ask([allow], open), null)
  t.equal(ask([allow], closed), saysClosed)
  t.equal(ask([window({ applications: ['other'] })], open), null)
  const manual = { manualSync: true }
  t.equal(ask([window(manual)], open, true), null)
  t.equal(ask([window(manual), deny], open, true), saysOpen)
  t.equal(ask([window({ ...manual, kind: 'allow' })], closed, true), null)
  t.equal(ask([allow], closed, true), saysClosed)
  t.match(ask([window({ schedule: 'x' })], closed), /^the deny window "x" of 1h .* cannot be read/)
  const project = projectWith({ syncWindows: [deny] })
  t.equal(allowedAgain(project, placed, open), '2026-07-01T23:00:00.000Z')
  t.equal(
    allowedAgain(projectWith({ syncWindows: [window({ schedule: 'x' })] }), placed, open),
    null,
  )
  t.end()
})

t.test('a project that cannot be read is none', t => {
  t.equal(readProject({ metadata: { name: 'ztp' }, spec: { destinations: 'all' } }), null)
  t.strictSame(readProject({ metadata: { name: 'ztp' } }), { name: 'ztp', spec: {} })
  t.end()
})

t.test('a project permits sources, places and kinds as Argo CD does', t => {
  const all = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] }
  const git = 'https://github.com/Example/ztp.git'
  const ask = (spec: object, more: object = {}, namespaces = ['sno1']): string | null =>
    projectForbids(
      projectWith({ ...all, ...spec }),
      { repoURL: git, ...placed, ...more },
      namespaces,
    )
  const source = `the source ${git}`
  const place = 'the destination https://kubernetes.default.svc, namespace'
  const kind = { group: 'siteconfig.open-cluster-management.io', kind: 'ClusterInstance' }
  const on = (...destinations: readonly object[]): object => ({ destinations })
  for (const [spec, expected, more] of [
    [{}, null],
    [{ sourceRepos: ['https://github.com/example/*'] }, null],
    [{ sourceRepos: ['git@github.com:example/*'] }, source],
    [{ sourceRepos: ['*', '!https://github.com/example/ztp'] }, source],
    [{ sourceRepos: ['!https://github.com/other/*'] }, null],
    [{ sourceRepos: [] }, source],
    [{ sourceRepos: null }, source],
    [
      { sourceRepos: ['ssh://git@github.com/example/*'] },
      null,
      { repoURL: 'git@github.com:example/ztp.git' },
    ],
    [on({ name: 'in-cluster', namespace: '*' }), null],
    [on({ server: '*', namespace: 'clusters-*' }), `${place} sno1`],
    [on({ server: '*', namespace: 'sno*' }), `${place} clusters-sub`],
    [on({ server: '*', namespace: '*' }, { server: '*', namespace: '!sno1' }), `${place} sno1`],
    [
      on({ server: '*', namespace: '*' }, { server: '!https://kubernetes.*', namespace: '*' }),
      `${place} clusters-sub`,
    ],
    [
      on({ server: '*', namespace: '*' }, { name: '!in-cluster', namespace: 'x' }),
      `${place} clusters-sub`,
    ],
    [{ destinations: null }, `${place} clusters-sub`],
    [
      on({ server: 'https://hub:6443', namespace: '*' }),
      null,
      { destination: { server: '', name: 'hub', namespace: '' } },
    ],
    [
      on({ name: 'other', namespace: '*' }),
      'the destination hub, namespace (none)',
      { destination: { server: '', name: 'hub', namespace: '' } },
    ],
    [{ namespaceResourceWhitelist: [kind] }, null],
    [{ namespaceResourceWhitelist: [{ group: '*', kind: '*' }] }, null],
    [{ namespaceResourceWhitelist: [] }, `ClusterInstance of ${kind.group}`],
    [{ namespaceResourceBlacklist: [kind] }, `ClusterInstance of ${kind.group}`],
  ] as readonly (readonly [object, string | null, object?])[])
    t.equal(ask(spec, more), expected, JSON.stringify(spec))
  t.end()
})
