import './sandbox-argocd-tests.ts'
import './sandbox-lifecycle-agent-tests.ts'
import './sandbox-kubernetes-tests.ts'
