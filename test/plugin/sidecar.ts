import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t, { type Test } from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { kustomizeCli } from '../../src/adapters/kustomize/kustomize-cli.ts'
import { home, kustomizePlaces, temporaryDirectory } from '../support/run-sower.ts'

const kustomize = kustomizeCli(kustomizePlaces, { timeLimit: 60 })
const sidecar = join(home, 'manifests', 'argocd', 'sidecar')
const read = (path: string): string => readFileSync(path, 'utf8')
const objectsOf = (render: string) =>
  parseAllDocuments(render).map(document => document.toJS() as Record<string, unknown>)

/** As much of Argo CD's own Deployment as matters here. */
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: argocd-repo-server
spec:
  template:
    spec:
      serviceAccountName: argocd-repo-server
      containers:
        - name: argocd-repo-server
          image: quay.io/argoproj/argocd:v3.2.0
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            - {name: plugins, mountPath: /home/argocd/cmp-server/plugins}
      initContainers:
        - name: copyutil
          image: quay.io/argoproj/argocd:v3.2.0
          volumeMounts:
            - {name: var-files, mountPath: /var/run/argocd}
      volumes:
        - {name: tmp, emptyDir: {}}
        - {name: var-files, emptyDir: {}}
        - {name: plugins, emptyDir: {}}
`

type Container = Readonly<{
  name: string
  image: string
  volumeMounts: readonly Readonly<{ name: string; mountPath: string; readOnly?: boolean }>[]
  env?: readonly Readonly<{ name: string; value?: string }>[]
  securityContext: Readonly<Record<string, unknown>>
}>
type Pod = Readonly<{
  automountServiceAccountToken?: boolean
  containers: readonly Container[]
  initContainers?: readonly Container[]
  volumes: readonly Readonly<{ name: string; emptyDir?: Readonly<{ sizeLimit?: string }> }>[]
}>

type Deployment = Readonly<{ spec: { template: { spec: Pod } } }>

const restricted = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
}
const mountsOf = ({ volumeMounts }: Container): Record<string, string> =>
  Object.fromEntries(volumeMounts.map(({ name, mountPath }) => [mountPath, name]))

/** What Argo CD expects of a sidecar, however it is brought. */
const isSidecar = (t: Test, container: Container, volumes: Pod['volumes']): void => {
  t.match(container, {
    name: 'sower',
    command: ['/var/run/argocd/argocd-cmp-server'],
    args: ['--loglevel', 'info', '--logformat', 'json'],
    resources: {
      requests: { cpu: '250m', memory: '512Mi' },
      limits: { cpu: '2', memory: '4Gi' },
    },
    securityContext: restricted,
  })
  t.same(
    container.env?.find(({ name }) => name === 'SOWER_PARALLEL_RENDERS'),
    {
      name: 'SOWER_PARALLEL_RENDERS',
      valueFrom: {
        resourceFieldRef: { containerName: 'sower', resource: 'limits.cpu', divisor: '1' },
      },
    },
  )
  t.match(mountsOf(container), {
    '/var/run/argocd': 'var-files',
    '/home/argocd/cmp-server/plugins': 'plugins',
    '/tmp': 'sower-tmp',
  })
  t.same(volumes.find(({ name }) => name === 'sower-tmp')?.emptyDir, { sizeLimit: '2Gi' })
}

t.test('every kustomization of manifests and examples builds', async t => {
  const places = ['manifests', 'examples']
    .flatMap(top =>
      readdirSync(join(home, top), { recursive: true, encoding: 'utf8' }).map(path =>
        join(home, top, path),
      ),
    )
    .filter(path => path.endsWith('/kustomization.yaml'))
    .filter(path => (parse(read(path)) as { kind?: string }).kind !== 'Component')
    .map(dirname)
  t.ok(places.length >= 8)
  for (const place of places) {
    const objects = objectsOf(await kustomize.build(place))
    t.ok(objects.length > 0 && objects.every(object => object['kind']), relative(home, place))
  }
})

t.test('plain Argo CD gets the sidecar beside its repo-server, and keeps what it has', async t => {
  const directory = temporaryDirectory(t)
  cpSync(join(sidecar, 'deployment'), join(directory, 'sidecar'), { recursive: true })
  writeFileSync(join(directory, 'deployment.yaml'), deployment)
  writeFileSync(
    join(directory, 'kustomization.yaml'),
    `namespace: argocd
resources: [deployment.yaml]
components: [sidecar]
images: [{name: registry.example.com/sower/plugin, newName: example.net/sower, newTag: "1"}]
`,
  )
  const [object] = objectsOf(await kustomize.build(directory)) as [Deployment]
  const pod = object.spec.template.spec
  const own = (parse(deployment) as Deployment).spec.template.spec
  const others = pod.containers.filter(({ name }) => name !== 'sower')
  t.same(others, own.containers)
  t.same(pod.initContainers, own.initContainers)
  for (const volume of own.volumes) t.ok(pod.volumes.some(({ name }) => name === volume.name))
  t.equal(pod.automountServiceAccountToken, false)

  const container = pod.containers.find(({ name }) => name === 'sower')!
  isSidecar(t, container, pod.volumes)
  t.equal(container.image, 'example.net/sower:1')
  t.equal(container.securityContext['runAsUser'], 999, 'as the repo-server')
  t.notOk(
    container.volumeMounts.some(({ name }) => name === 'tmp'),
    "not the repo-server's /tmp",
  )
})

type ArgoCD = Readonly<{
  apiVersion: string
  kind: string
  metadata: Readonly<{ name: string; namespace: string }>
  spec: Readonly<{
    repo: Readonly<{
      sidecarContainers: readonly Container[]
      initContainers?: readonly Container[]
      volumes: Pod['volumes']
    }>
  }>
}>
const argoCD = async (name: string): Promise<ArgoCD> => {
  const [object, ...others] = objectsOf(await kustomize.build(join(sidecar, name)))
  t.same(others, [])
  return object as ArgoCD
}

t.test('OpenShift GitOps gets it in the ArgoCD resource, for whatever user it chooses', async t => {
  const { apiVersion, kind, metadata, spec } = await argoCD('openshift-gitops')
  t.same([apiVersion, kind], ['argoproj.io/v1beta1', 'ArgoCD'])
  t.same(metadata, { name: 'openshift-gitops', namespace: 'openshift-gitops' })
  t.same(Object.keys(spec.repo).sort(), ['sidecarContainers', 'volumes'])
  const [container, ...others] = spec.repo.sidecarContainers
  t.same(others, [])
  isSidecar(t, container!, spec.repo.volumes)
  t.same(container!.securityContext, restricted, 'no runAsUser')
  // The operator compares containers with the live ones, and updates for ever where they differ.
  t.match(container, {
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  })
})

t.test('the example of the documentation names the image', async t => {
  const [, text = ''] =
    /### OpenShift GitOps[^]*?```yaml\n([^]*?)```/.exec(read(join(home, 'docs', 'plugin.md'))) ?? []
  const directory = temporaryDirectory(t)
  cpSync(join(home, 'manifests'), join(directory, 'sower', 'manifests'), { recursive: true })
  writeFileSync(join(directory, 'kustomization.yaml'), text)
  const [object] = objectsOf(await kustomize.build(directory)) as [ArgoCD]
  t.equal(object.spec.repo.sidecarContainers[0]?.image, 'your.registry/sower/plugin:0.1.0')
})

t.test('the overlay for ZTP copies the plugins to where Sower looks for them', async t => {
  const { spec } = await argoCD('openshift-gitops-ztp')
  const { sidecarContainers, initContainers, volumes } = spec.repo
  const [container] = sidecarContainers
  isSidecar(t, container!, volumes)
  t.same(
    volumes.map(({ name }) => name),
    ['sower-tmp', 'kustomize'],
  )
  t.same(
    container!.volumeMounts.find(({ name }) => name === 'kustomize'),
    { name: 'kustomize', mountPath: '/.config', readOnly: true },
  )
  const pluginHome = container!.env?.find(({ name }) => name === 'SOWER_KUSTOMIZE_PLUGIN_HOME')
  t.equal(pluginHome?.value, '/.config/kustomize/plugin')
  t.equal(initContainers?.length, 2)
  for (const { name, image, volumeMounts, securityContext } of initContainers ?? []) {
    t.match(image, /^registry\.example\.com\/fill-in\/[-a-z]+:fill-in$/, `${name}: filled in`)
    t.same(volumeMounts, [{ name: 'kustomize', mountPath: '/.config' }])
    t.notOk('runAsUser' in securityContext)
    t.match(securityContext, { runAsNonRoot: true, allowPrivilegeEscalation: false })
  }
})
