import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import t from 'tap'
import { parse, stringify } from 'yaml'
import { createMetrics } from '../../../src/bot/watch/create-metrics.ts'
import { findOnPath } from '../../../src/adapters/kustomize/find-on-path.ts'
import { aRun } from '../../support/run/run-scene.ts'
import { home, temporaryDirectory } from '../../support/run-sower.ts'

const file = join(home, 'manifests', 'components', 'monitoring', 'prometheus-rule.yaml')
const { spec } = parse(readFileSync(file, 'utf8')) as {
  spec: { groups: { rules: { alert: string; expr: string; labels: { severity: string } }[] }[] }
}
const alerts = spec.groups.flatMap(({ rules }) => rules)
const metrics = createMetrics({
  inbox: {
    ...{ put: () => undefined, knows: () => false, waiting: () => [], postpone: () => undefined },
    ...{ done: () => undefined, setAside: () => undefined, rename: () => true },
  },
  leadership: { holds: () => true, renew: async () => undefined, release: async () => undefined },
  now: () => new Date(),
})

t.test('each alert asks for metrics that there are, and stands in the documentation', async t => {
  const text = await metrics.text()
  const page = readFileSync(join(home, 'docs', 'operate.md'), 'utf8')
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name)
  for (const { alert, expr } of alerts) {
    t.ok(page.includes(`\`${alert}\``), alert)
    for (const [metric] of expr.matchAll(/sower_\w+/g))
      t.ok(names.includes(metric.replace(/_count$/, '')), `${alert}: ${metric}`)
  }
  for (const name of names) t.ok(page.includes(`\`${name}\``), name)
})

const promtool = findOnPath('promtool', process.env['PATH'] ?? '')
t.test(
  'Prometheus takes the metrics, and raises the alerts when it should',
  { skip: promtool ? false : "promtool (Debian's prometheus) is not there" },
  async t => {
    const run = aRun('Detaching')
    metrics.looked([run])
    metrics.passed(run, {
      ...{ run, look: null, effect: { do: 'save-access' }, error: null, wakeAt: null },
    })
    const input = await metrics.text()
    t.match(await execa('promtool', ['check', 'metrics'], { input, reject: false }), {
      ...{ exitCode: 0, stdout: '', stderr: '' },
    })
    const directory = temporaryDirectory(t)
    writeFileSync(join(directory, 'rules.yaml'), stringify(spec))
    const series = (name: string, values: string) => ({ series: name, values })
    const raised = (alert: string, input: object[], labels: object = {}) => ({
      ...{ interval: '1m', input_series: input, name: alert },
      alert_rule_test: [
        {
          ...{ eval_time: '60m', alertname: alert },
          exp_alerts: [
            {
              exp_labels: { severity: severityOf(alert), ...labels },
            },
          ],
        },
      ],
    })
    const calm = {
      ...{ interval: '1m', name: 'a bot that is well' },
      input_series: [
        series('sower_acting', '1x90'),
        series('sower_last_look_timestamp_seconds', '0+60x90'),
        series('sower_queue_oldest_seconds', '0x90'),
        series('sower_effect_seconds_count{effect="refresh",result="done"}', '0+1x90'),
        series('sower_deliveries_total{result="accepted"}', '0+1x90'),
      ],
      alert_rule_test: alerts.map(({ alert }) => ({ eval_time: '60m', alertname: alert })),
    }
    const tests = [
      calm,
      raised('SowerNobodyActs', [series('sower_acting', '0x90')], {}),
      raised(
        'SowerRunBlocked',
        [series('sower_run_blocked{run="sno1",code="DETACH_SLOW"}', '1x90')],
        { run: 'sno1', code: 'DETACH_SLOW' },
      ),
      raised('SowerNotLooking', [
        series('sower_acting', '1x90'),
        series('sower_last_look_timestamp_seconds', '0x90'),
      ]),
      raised('SowerOrdersWait', [series('sower_queue_oldest_seconds', '0+60x90')]),
      raised(
        'SowerEffectsFail',
        [series('sower_effect_seconds_count{effect="refresh",result="failed"}', '0+1x90')],
        { effect: 'refresh' },
      ),
      raised('SowerDeliveriesRefused', [
        series('sower_deliveries_total{result="refused"}', '0+1x90'),
      ]),
    ]
    t.strictSame(
      tests.slice(1).map(({ name }) => name),
      alerts.map(({ alert }) => alert),
      'each alert is raised once',
    )
    // Annotations are compared too, and are not what is tested.
    const plain = {
      groups: spec.groups.map(group => ({
        ...group,
        rules: group.rules.map(rule => ({ ...rule, annotations: {} })),
      })),
    }
    writeFileSync(join(directory, 'plain.yaml'), stringify(plain))
    writeFileSync(join(directory, 'tests.yaml'), stringify({ rule_files: ['plain.yaml'], tests }))
    for (const words of [
      ['check', 'rules', 'rules.yaml'],
      ['test', 'rules', 'tests.yaml'],
    ]) {
      const result = await execa('promtool', words, { cwd: directory, reject: false })
      t.equal(result.exitCode, 0, `${result.stdout}${result.stderr}`)
    }
  },
)

const severityOf = (name: string): unknown =>
  alerts.find(({ alert }) => alert === name)?.labels.severity
