import type { Article } from './model.ts'

export const crackedBell: Article = {
  id: 'cracked-bell',
  section: 'history',
  price: { amount: '50', currency: 'KRW' },
  minutes: 2,
  text: {
    ko: {
      title: '금 간 종이 시간을 지켰다',
      deck: '깨진 소리를 고치지 않기로 한 마을의 백 년',
      byline: '문화부 · 느티내에서',
      caption: '느티내 종각. 금은 종의 허리에서 아래로 한 뼘 반을 내려온다.',
      teaser:
        '느티내의 종은 제대로 울리지 않는다. 허리에서 아래로 한 뼘 반, 금이 가 있기 때문이다. 백 년 전 그 종을 받은 마을 사람들은 다시 녹이자는 말과 그냥 두자는 말을 놓고 하룻밤을 다투었다. 그리고 새벽에 내린 결론이 이 마을의 시계가 되었다.',
      heading: '서리가 오는 소리',
      body: [
        '다툼을 끝낸 것은 종소리였다. 새벽에 누군가 홧김에 종을 쳤는데, 저녁에 친 소리와 달랐다. 밤새 기온이 떨어지자 쇠가 오므라들어 금이 닫힌 것이다. 추운 날에는 맑게, 더운 날에는 쉰 소리로 우는 종. 사람들은 그때 알아차렸다. 고장 난 것이 아니라 한 가지를 더 말하고 있다는 것을.',
        '그 뒤로 느티내에서는 종소리로 농사를 지었다. 소리가 한 번에 또렷해지면 그날 밤 서리가 온다. 소리 끝이 갈라지면 배추를 그대로 두어도 된다. 종지기는 시각을 알리는 사람이면서 날씨를 읽는 사람이었고, 그래서 품삯도 쌀과 배추 두 가지로 받았다.',
        '몇 해 전 한 음향 연구자가 소리를 녹음해 온도와 견주어 보았다. 일 도가 내려갈 때마다 울림은 백분의 일 초씩 길어졌다. 마을의 감과 견준 결과는 더 흥미롭다. 서리를 맞힌 비율이 종은 열에 여덟, 일기예보는 열에 여덟 반이었다. 종각 앞 게시판에는 이 숫자가 자랑처럼 붙어 있다. ‘반은 양보함.’',
        '올가을 금은 손톱만큼 더 길어졌다. 앞으로 삼백 년은 괜찮다는 진단이 나왔지만, 마을은 벌써 다음 종을 의논한다. 새로 만들 종에도 금을 낼 것인가. 결론은 아직이다. 다만 종각의 낙서 하나가 많은 지지를 얻고 있다. “첫 번째 금은 저절로 가야 한다.”',
      ],
    },
    en: {
      title: 'The Cracked Bell That Kept Time',
      deck: 'A hundred years of a village that decided not to mend a sound',
      byline: 'Culture desk, Neutinae',
      caption: 'The bell of Neutinae; the crack runs a hand and a half down from its waist.',
      teaser:
        'The bell of Neutinae does not ring true. A crack runs a hand and a half down from its waist. When it was delivered a century ago the village quarrelled for a whole night, half for melting it down, half for leaving it alone. What they concluded at dawn has been their clock ever since.',
      heading: 'The sound of frost coming',
      body: [
        'It was the bell that settled the argument. Toward dawn somebody struck it in anger, and it did not sound as it had in the evening. The night had turned cold, the bronze had shrunk, and the crack had closed. Clear on cold days, hoarse on warm ones: then they understood that it was not broken. It was saying one thing more.',
        'From that day Neutinae farmed by ear. When the note turns suddenly clean there will be frost that night. When its end splits, the cabbages may stay out. The ringer told the hour and read the weather, and was therefore paid in two things, rice and cabbage.',
        'Some years ago an acoustician recorded the bell beside a thermometer. For each degree that the air cools, the note lasts a hundredth of a second longer. The comparison that interested the village was another one. The bell had been right about frost eight times in ten; the forecast, eight and a half. The figures hang on the notice board like a trophy, with a line beneath: “We concede the half.”',
        'This autumn the crack grew by a fingernail. It is good for another three centuries, says the examiner, but the village is already discussing the next bell. Should it be cracked on purpose? Nothing is decided. One sentence scratched into the belfry is gaining support, though: “The first crack must come by itself.”',
      ],
    },
  },
}
