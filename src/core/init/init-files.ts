import posix from 'node:path/posix'
import { stringify } from 'yaml'
import type { Configuration } from '../settings/configuration.ts'
import { configurationSchema } from '../settings/configuration-schema.ts'
import { defaults } from '../settings/defaults.ts'
import { seedRoles } from '../settings/seed-roles.ts'

/** The values that the files are made from. */
export type Setting = Readonly<{
  seeds: readonly string[]
  roots: readonly string[]
  /** The template of the seed image; null leaves a line to fill in. */
  image: string | null
  secret: Configuration['secret']
  argocdNamespace: string
  repoURL: string
  branch: string
  /** The namespace of the bot. */
  namespace: string
}>

/** A file to write. */
export type Content = Readonly<{ path: string; content: string }>

/** The directory of what is applied to the hub by hand. */
const hubDirectory = 'sower'

// JSON is YAML: a value from a repository cannot break out of its quotes.
const quoted = (value: string): string => JSON.stringify(value)
const list = (items: readonly string[]): string => items.map(item => `\n  - ${item}`).join('')
const plain = (name: string): string => stringify(name, { lineWidth: 0 }).trimEnd()

/** `sower.yaml` and its JSON Schema, which editors read. */
const configurationFiles = ({
  seeds,
  roots,
  image,
  argocdNamespace,
}: Setting): readonly Content[] => [
  {
    path: 'sower.yaml',
    content: `# yaml-language-server: $schema=sower.schema.json
apiVersion: sower.dev/v1alpha1
kind: Configuration

# Clusters that may be detached; anything else is refused.
seeds:${list(seeds.map(plain))}

# The paths that Argo CD renders.
roots:${list(roots.map(plain))}

# Where the seed image goes. {version} is the OpenShift version of the seed.
${image === null ? '# image: registry.example.com/ibu/{cluster}:{version}' : `image: ${quoted(image)}`}
${argocdNamespace === defaults.argocdNamespace ? '' : `\nargocd:\n  namespace: ${argocdNamespace}\n`}`,
  },
  {
    path: 'sower.schema.json',
    content: `${JSON.stringify(configurationSchema(), null, 2)}\n`,
  },
]

/** The directory of the SealedSecret, for the Application that brings it to the hub. */
const secretFiles = ({ secret }: Pick<Setting, 'secret'>): readonly Content[] => {
  const directory = posix.dirname(secret.file)
  return [
    {
      path: posix.join(directory, 'kustomization.yaml'),
      content: `# What the Application seed-secret syncs to the hub. \`sower seal\` writes the SealedSecret to
# ${posix.basename(secret.file)}; add it to the list then.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - namespace.yaml
`,
    },
    {
      path: posix.join(directory, 'namespace.yaml'),
      content: `apiVersion: v1
kind: Namespace
metadata:
  name: ${secret.namespace}
  annotations:
    # A mistake in Git must not take the namespace, and all in it, away.
    argocd.argoproj.io/sync-options: Prune=false
`,
    },
  ]
}

/** The files to apply to the hub by hand: the rights of the bot and, unless one is there, the Application of the SealedSecret. */
const hubFiles = (setting: Setting, hasApplication: boolean): readonly Content[] => {
  const { seeds, secret, namespace } = setting
  const manifests = hasApplication ? [] : applicationFiles(setting)
  const names = ['seed-roles.yaml', ...manifests.map(({ path }) => posix.basename(path))]
  return [
    {
      path: `${hubDirectory}/kustomization.yaml`,
      content: `# Applied to the hub by hand: oc apply -k ${hubDirectory}. To bring the bot along, add its manifests to the list:
#  - https://git.example.com/sower/sower//manifests/bot?ref=v0.1.0
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:${list(names)}
`,
    },
    {
      path: `${hubDirectory}/seed-roles.yaml`,
      content: seedRoles({ seeds: [...seeds], secret }, namespace),
    },
    ...manifests,
  ]
}

const applicationFiles = ({
  secret,
  argocdNamespace,
  repoURL,
  branch,
}: Setting): readonly Content[] => [
  {
    path: `${hubDirectory}/app-project.yaml`,
    content: `# What Sower may bring to the hub through Git: one namespace, and a SealedSecret in it.
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: sower
  namespace: ${argocdNamespace}
spec:
  sourceRepos:
    - ${quoted(repoURL)}
  destinations:
    - server: https://kubernetes.default.svc
      namespace: ${secret.namespace}
  clusterResourceWhitelist:
    - group: ""
      kind: Namespace
  namespaceResourceWhitelist:
    - group: bitnami.com
      kind: SealedSecret
`,
  },
  {
    path: `${hubDirectory}/application.yaml`,
    content: `# Brings the SealedSecret to the hub, where it is unsealed. The seed cluster is never its
# destination. No selfHeal: nothing puts the Secret back on its own.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: seed-secret
  namespace: ${argocdNamespace}
spec:
  project: sower
  source:
    repoURL: ${quoted(repoURL)}
    targetRevision: ${quoted(branch)}
    path: ${quoted(posix.dirname(secret.file))}
  destination:
    server: https://kubernetes.default.svc
    namespace: ${secret.namespace}
  syncPolicy:
    automated:
      prune: true
      selfHeal: false
`,
  },
]

/** The files that a repository needs, by what they are for, and the directory of what is applied to the hub by hand. */
export const initFiles = {
  configuration: configurationFiles,
  secret: secretFiles,
  hub: hubFiles,
  hubDirectory,
} as const
