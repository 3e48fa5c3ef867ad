import { type Signal, useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { Unanswered } from '../api.ts'
import type { LineStore } from '../store.ts'

/** What every view is given. */
export interface ViewProps {
  readonly store: LineStore
}

/** One thing at a time that a person asked for, and what came of it. */
export interface Act {
  readonly isBusy: boolean
  /** Why it did not happen, as a sentence. */
  readonly fault: Signal<string | undefined>
  /** Whether nobody knows if it happened: asking again with the same key tells. */
  readonly isUnknown: Signal<boolean>
  run(act: () => Promise<void>): void
}

export function useAct(store: LineStore): Act {
  const isBusy = useSignal(false)
  const fault = useSignal<string | undefined>(undefined)
  const isUnknown = useSignal(false)
  const run = async (act: () => Promise<void>) => {
    if (isBusy.value) return
    isBusy.value = true
    fault.value = undefined
    isUnknown.value = false
    try {
      await act()
    } catch (error) {
      isUnknown.value = error instanceof Unanswered
      fault.value = store.reasonOf(error)
    } finally {
      isBusy.value = false
    }
  }
  return {
    isBusy: isBusy.value,
    fault,
    isUnknown,
    run: (act) => {
      run(act).then(undefined, reportError)
    },
  }
}

/** Why something did not happen; said aloud when it comes. */
export function Fault({ text }: { readonly text: string | undefined }): ComponentChildren {
  return h('p', { class: 'fault', role: 'alert' }, text)
}

interface ButtonProps {
  readonly label: string
  readonly onPress: () => void
  readonly look?: 'primary' | 'secondary' | 'danger' | 'light' | 'veil' | 'plain'
  readonly disabled?: boolean
  /** Where the label alone does not say what it is about. */
  readonly name?: string | undefined
}

export function Button(props: ButtonProps): ComponentChildren {
  const { label, onPress, look = 'secondary', disabled = false, name } = props
  return h(
    'button',
    { type: 'button', class: look, disabled, 'aria-label': name, onClick: onPress },
    label,
  )
}
