import type { Signal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

export interface FieldProps {
  readonly id: string
  readonly label: string
  readonly content: Signal<string>
  readonly hint?: string | undefined
  readonly fault?: string | undefined
  readonly unit?: string
  readonly type?: 'text' | 'password' | 'date' | 'tel'
  readonly inputMode?: 'numeric' | 'tel' | 'text'
  readonly autocomplete?: string
  readonly placeholder?: string
  /** Takes the focus when it appears. */
  readonly isFirst?: boolean
}

/** A labelled field, with what is wrong or what is meant under it. */
export function Field(props: FieldProps): ComponentChildren {
  const { id, label, content, hint, fault, unit, isFirst } = props
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (isFirst === true) input.current?.focus()
  }, [isFirst])
  const below = fault ?? hint
  return h('div', { class: 'field' }, [
    h('label', { for: id }, label),
    h('div', { class: `input${unit === undefined ? ' wide' : ''}` }, [
      h('input', {
        ref: input,
        id,
        type: props.type ?? 'text',
        value: content.value,
        inputMode: props.inputMode,
        autocomplete: props.autocomplete ?? 'off',
        placeholder: props.placeholder,
        'aria-invalid': fault !== undefined,
        'aria-describedby': below === undefined ? undefined : `${id}-below`,
        onInput: (event: Event) => {
          if (!(event.currentTarget instanceof HTMLInputElement)) return
          content.value = event.currentTarget.value
        },
      }),
      unit === undefined ? null : h('span', { class: 'unit', 'aria-hidden': true }, unit),
    ]),
    below === undefined
      ? null
      : h('p', { id: `${id}-below`, class: fault === undefined ? 'hint' : 'fault' }, below),
  ])
}
