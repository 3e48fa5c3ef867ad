import type { Article } from './model.ts'

export const lastFerry: Article = {
  id: 'last-ferry',
  section: 'local',
  price: { amount: '300', currency: 'KRW' },
  minutes: 4,
  text: {
    ko: {
      title: '막배는 국물로 간다',
      deck: '승객 아홉 명, 냄비 하나. 여울섬을 오가는 마지막 배의 저녁',
      byline: '사회부 · 여울섬 뱃길에서',
      caption: '저녁 여섯 시 사십 분, 여울호가 불을 켜고 선착장을 떠난다.',
      teaser:
        '여울섬으로 가는 마지막 배는 저녁 여섯 시 사십 분에 떠난다. 뭍까지 물길로 이십오 분, 다리를 놓자는 말은 서른 해째 나오지만 배는 여전히 하루 네 번 오간다. 그중 막배에만 냄비가 실린다. 선장은 그것을 “두 번째 기관”이라고 부른다.',
      heading: '불은 기관실 옆에서',
      body: [
        '냄비는 폭풍 때문에 올라왔다. 어느 겨울 막배가 안개에 갇혀 바다 한가운데서 세 시간을 기다렸다. 승객 여덟 명이 가진 먹을 것을 꺼냈더니 무 하나, 마른 멸치 한 줌, 두부 두 모, 그리고 누군가의 생일 떡이 나왔다. 기관실 옆 난로에 올린 주전자로는 모자라 양동이를 씻어 끓였다. 안개가 걷혔을 때 아무도 먼저 일어서지 않았다고 한다.',
        '그 뒤로 막배의 승객은 무언가를 하나씩 들고 탄다. 규칙은 두 가지다. 산 것은 안 된다, 그리고 누구도 무엇을 가져왔는지 묻지 않는다. 빈손인 날은 설거지를 하면 된다. 중학생들은 대개 빈손이고 그래서 섬에서 설거지를 가장 잘한다. 국의 이름은 늘 같다. ‘오늘 것’.',
        '선장은 맛을 항해일지에 적는다. 바람, 물때, 승객 수, 그리고 국. “북서풍 약간, 아홉 명, 미역이 많음. 누가 유자를 넣었는데 자백하지 않음.” 십오 년 치 일지를 넘기면 섬의 살림이 보인다. 감자가 많은 해는 가물었던 해고, 갑자기 고기가 든 날은 누가 취직한 날이다. 국물이 유난히 맑은 주에는 상갓집이 있었다.',
        '배표는 천이백 원이다. 적자라는 말이 나올 때마다 군에서 조사하러 사람이 나온다. 조사원은 승객 수를 세고, 운항 비용을 적고, 저녁이 되어 막배를 타고 뭍으로 돌아간다. 올해 나온 조사원은 귤 두 개를 들고 있었다. 보고서의 결론은 아직 공개되지 않았지만, 참고 자료 목록의 끝에 ‘숟가락 1’이 적혀 있다는 소문이 섬에 돈다.',
        '다리가 놓이면 배는 그만두게 될 것이다. 선장도 그것을 안다. 그는 다리에 반대하지 않는다. 밤에 아픈 아이를 업고 뛰어 본 사람은 다리에 반대할 수 없다고 했다. 다만 설계도를 보러 갔을 때 한 가지를 물었다고 한다. 다리 한가운데, 바람을 피해 냄비 하나 놓을 자리가 있느냐고.',
      ],
    },
    en: {
      title: 'The Last Ferry Runs on Soup',
      deck: 'Nine passengers and one pot: an evening on the boat to Yeoul Island',
      byline: 'Local desk, aboard the Yeoul',
      caption: 'At six forty the Yeoul switches on her lamps and leaves the pier.',
      teaser:
        'The last ferry to Yeoul Island leaves at six forty in the evening. The crossing takes twenty-five minutes; people have been talking of a bridge for thirty years, and still the boat goes four times a day. Only the last one carries a pot. The captain calls it the second engine.',
      heading: 'The fire beside the engine room',
      body: [
        'A storm of fog put it there. One winter the last boat had to wait in the middle of the strait for three hours. Eight passengers turned out their bags and produced one radish, a handful of dried anchovies, two blocks of tofu and somebody’s birthday rice cake. The kettle on the stove was too small, so they scrubbed a bucket. When the fog lifted, it is said, nobody was the first to stand up.',
        'Since then everyone who takes the last boat brings something. There are two rules: nothing alive, and nobody asks who brought what. If you come with empty hands you wash up. Schoolchildren usually come with empty hands, which is why they are the best dishwashers on the island. The soup has always had the same name: Today’s.',
        'The captain enters the taste in the log. Wind, tide, passengers, soup. “Light northwesterly, nine aboard, much seaweed. Someone added citron and will not confess.” Fifteen years of it read like the island’s household accounts. A year of potatoes was a year of drought. A sudden piece of beef means that somebody found work. In the weeks when the broth runs very clear, there was a funeral.',
        'A ticket costs twelve hundred won. Whenever the word “deficit” is spoken, the county sends an inspector, who counts passengers, notes the cost of fuel, and in the evening has to take the last boat home. This year’s came aboard holding two tangerines. The report has not been published, but the island has heard that its list of materials ends with “spoon, 1”.',
        'When the bridge comes the boat will stop. The captain knows, and is not against it; anyone who has run to the pier at night with a sick child on his back, he says, cannot be against a bridge. He only asked one thing when he was shown the drawings. In the very middle, out of the wind, would there be room for a pot?',
      ],
    },
  },
}
