import { join } from 'node:path'
import t from 'tap'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import { composeKustomize, type Surroundings } from '../../../src/surroundings.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { home, kustomizePlaces, shell } from '../../support/run-sower.ts'

const script = (text: string): string => `#!/bin/sh\n${text}\n`
const limit = { timeLimit: 30 }
const configMap = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`

t.test('plugins and Helm run only where the operator has set them up', async t => {
  const directory = directoryWith(t, {
    'plugin/kustomization.yaml': 'generators: [hello.yaml]\n',
    'plugin/hello.yaml': 'apiVersion: example.com/v1\nkind: Hello\nmetadata: {name: a}\n',
    'plugins/example.com/v1/hello/Hello': script(`printf '${configMap('hello')}'`),
    'none/a': '',
    'chart/kustomization.yaml': 'helmCharts: [{name: a, releaseName: b}]\n',
    'chart/charts/a/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
    'chart/charts/a/values.yaml': '{}\n',
    helm: script(`case $1 in version) echo v3.14.0;; *) printf '${configMap('chart')}';; esac`),
  })
  const at = (name: string): string => join(directory, name)
  const withOptions = (options: Readonly<{ plugins?: string; helm?: string }>) =>
    kustomizeCli(kustomizePlaces, { ...limit, ...options })

  const needsPlugin = {
    code: 'RENDER_NEEDS_PLUGIN',
    message: 'rendering plugin: it needs the plugin Hello, which is not set up',
    fix: /SOWER_KUSTOMIZE_PLUGIN_HOME/,
  }
  await t.rejects(withOptions({ helm: at('helm') }).build(at('plugin')), needsPlugin)
  await t.rejects(withOptions({ plugins: at('none') }).build(at('plugin')), needsPlugin)
  t.match(await withOptions({ plugins: at('plugins') }).build(at('plugin')), /^ {2}name: hello$/m)

  await t.rejects(withOptions({ plugins: at('plugins') }).build(at('chart')), {
    code: 'RENDER_NEEDS_PLUGIN',
    message: 'rendering chart: it needs Helm, which is not set up',
    fix: /SOWER_KUSTOMIZE_HELM/,
  })
  t.match(await withOptions({ helm: at('helm') }).build(at('chart')), /^ {2}name: chart$/m)

  for (const wrong of [{ plugins: at('helm') }, { plugins: at('nowhere') }, { helm: at('none') }])
    t.throws(() => withOptions(wrong), {
      name: 'InputError',
      code: 'FILE_UNREADABLE',
      message: new RegExp(`SOWER_KUSTOMIZE_(?:PLUGIN_HOME|HELM) is ${directory}`),
    })
})

t.test('the environment sets them up, also with relative paths', async t => {
  const directory = directoryWith(t, {
    'root/kustomization.yaml':
      'generators: [hello.yaml]\nhelmCharts: [{name: a, releaseName: b}]\n',
    'root/hello.yaml': 'apiVersion: example.com/v1\nkind: Hello\nmetadata: {name: a}\n',
    'root/charts/a/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
    'root/charts/a/values.yaml': '{}\n',
    'plugins/example.com/v1/hello/Hello': script(`printf '${configMap('hello')}'`),
    helm: script(`case $1 in version) echo v3.14.0;; *) printf '${configMap('chart')}';; esac`),
  })
  const compose = (environment: Record<string, string>) => {
    const surroundings: Surroundings = {
      environment: { ...shell(), ...environment },
      directory,
      print: () => t.fail('nothing is printed'),
      report: () => t.fail('nothing is reported'),
      isTerminal: false,
      columns: 80,
      terminated: () => Promise.resolve(),
      home: join(home, 'dist'),
      node: process.execPath,
    }
    return composeKustomize(surroundings, { timeLimit: 30 })
  }
  const both = { SOWER_KUSTOMIZE_PLUGIN_HOME: 'plugins', SOWER_KUSTOMIZE_HELM: './helm' }
  const render = await (await compose(both)).build(join(directory, 'root'))
  t.same(render.match(/^ {2}name: .*$/gm), ['  name: chart', '  name: hello'])
  const empty = { SOWER_KUSTOMIZE_PLUGIN_HOME: '', SOWER_KUSTOMIZE_HELM: '' }
  await t.rejects((await compose(empty)).build(join(directory, 'root')), {
    code: 'RENDER_NEEDS_PLUGIN',
  })
  for (const [variable, value] of Object.entries({
    SOWER_KUSTOMIZE_PLUGIN_HOME: 'helm',
    SOWER_KUSTOMIZE_HELM: 'plugins',
  }))
    await t.rejects(compose({ [variable]: value }), {
      name: 'InputError',
      message: new RegExp(`${variable} is ${join(directory, value)}`),
    })
})
