import type { Article } from './model.ts'

export const saltRoad: Article = {
  id: 'salt-road',
  section: 'history',
  price: { amount: '500', currency: 'KRW' },
  minutes: 5,
  text: {
    ko: {
      title: '소금길 삼백 리, 발자국을 다시 잇다',
      deck: '지도에서 지워진 등짐길을 걷는 사람들. 그들이 찾은 것은 길이 아니라 쉬는 법이었다',
      byline: '기획취재 · 갯벌목에서 구름재까지',
      caption: '구름재 마루의 소금 바위. 지게를 받치던 자국이 어깨높이에 남아 있다.',
      teaser:
        '갯벌목 염전에서 구름재 너머 산골까지, 소금은 사람의 등에 얹혀 삼백 리를 걸었다. 차가 다니는 길이 나면서 그 길은 두 세대 만에 잊혔다. 지난가을, 마을 일곱 곳의 주민들이 흩어진 이야기를 모아 끊긴 길을 다시 걷기 시작했다. 필요한 것은 지도가 아니라 오래된 허리 통증이었다.',
      heading: '바위가 어깨를 기억한다',
      body: [
        '첫 실마리는 바위였다. 산길 옆 큰 돌마다 어른 어깨높이에 손바닥 너비로 닳은 자리가 있었다. 처음엔 빗물 자국이라 여겼다. 그런데 지게를 져 본 아흔 살 노인이 그 앞에 서더니 말없이 등을 기댔다. 홈은 지게 다리가 걸리는 자리에 꼭 맞았다. 짐을 내리지 않고 서서 쉬는 법, 내렸다가는 다시 일어서지 못하는 무게를 위한 쉼터였다.',
        '그런 바위는 스물두 개가 나왔다. 사이의 거리를 재니 고르지 않았다. 평지에서는 천 걸음마다, 비탈에서는 삼백 걸음마다, 구름재 마루턱 바로 아래에는 거의 붙어서 세 개가 있었다. 누가 정해서 놓은 것이 아니다. 힘든 사람들이 힘든 자리에서 쉬었고, 그 자리에 다음 사람이 기댔을 뿐이다. 길을 설계한 것은 피로였다.',
        '소금 한 짐은 서른 되, 젖으면 서른닷 되가 되었다. 길 위의 셈은 그래서 날씨를 따랐다. 산골 장터의 묵은 장부에는 값 옆에 ‘맑음’과 ‘젖음’이 나란히 적혀 있다. 비 맞은 소금은 무겁지만 짠맛이 빠졌기에, 젖은 소금을 마른 값에 파는 것은 거짓말로 쳤다. 장부를 풀어 읽은 향토사 모임은 스무 해 동안 딱 한 번, 값 옆에 ‘미안’이라 적힌 줄을 찾아냈다.',
        '고개 아래 주막 터에서는 깨진 사발이 많이 나왔다. 바닥마다 먹으로 그은 작은 표시가 있는데, 집집이 달랐다. 등짐꾼들은 저마다 자기 사발을 맡겨 두고 다녔던 모양이다. 한 달에 두 번 들르는 사람의 그릇을 씻어 엎어 두는 일, 그것이 그 시절의 예약이었다. 돌아오지 않는 사람의 사발은 일 년을 기다렸다가 산 쪽으로 놓았다.',
        '다시 잇는 일은 느리다. 일곱 마을은 한 달에 한 구간씩, 낫과 줄자와 주먹밥을 들고 모인다. 젊은 참가자가 위성 지도를 펼치면 어른들은 개울 소리를 듣는다. 물이 왼쪽에서 들리다 오른쪽으로 옮겨 오는 곳이 다리 자리라고 했다. 가 보면 어김없이 징검돌이 낙엽 아래 있었다. 지도는 위에서 본 길이고, 이야기는 안에서 들은 길이다.',
        '내년 봄이면 삼백 리가 이어진다. 표지판은 세우지 않기로 했다. 대신 스물두 개의 바위 옆에 물그릇을 하나씩 놓는다. 걷는 이는 거기 기대어 서 보면 된다. 등에 아무것도 없어도, 홈은 여전히 어깨를 알아본다.',
      ],
    },
    en: {
      title: 'Three Hundred Ri of Salt',
      deck: 'Seven villages are walking a porters’ road off the forgotten map. What they found was a way of resting',
      byline: 'Special report, from Gaetbeolmok to Cloud Pass',
      caption: 'The salt rock below Cloud Pass, worn at the height of a shoulder.',
      teaser:
        'From the salt pans of Gaetbeolmok to the hamlets beyond Cloud Pass, salt travelled three hundred ri, some seventy-five miles, on people’s backs. When the motor road came the path was forgotten within two generations. Last autumn seven villages began to gather what scraps they had and to walk it again. What they needed was not a map but an old pain in the back.',
      heading: 'The rocks remember a shoulder',
      body: [
        'The first clue was a rock. Beside the mountain path, one boulder after another had a worn patch a palm wide, at the height of a grown man’s shoulder. Rainwater, everyone supposed. Then a man of ninety who had carried a frame in his youth walked up to one and, without a word, leaned back. The groove took the legs of the carrier exactly. It was a place to rest standing, for loads so heavy that whoever put one down would not get up again.',
        'They have found twenty-two. The distances between them are uneven: a thousand paces on the flat, three hundred on the slopes, and just below the top of Cloud Pass three rocks almost touching. Nobody placed them. Tired people rested where they were tired, and the next tired person leaned in the same spot. The road was designed by fatigue.',
        'A load was thirty measures of salt, or thirty-five when it was wet, so the arithmetic of the road followed the weather. In the ledgers of an upland market the words “clear” and “wet” stand beside each price. Rain makes salt heavier but less salty, and to sell wet salt at the dry price was counted as a lie. The local historians who deciphered the books found, in twenty years of entries, exactly one line with the word “sorry” beside it.',
        'Below the pass, where an inn once stood, the ground is full of broken bowls. Each has a small brushed mark on its base, and no two marks agree. The porters, it seems, kept their own bowls there. To wash a man’s bowl and turn it over until he came by again, twice a month: that was a reservation. The bowl of one who did not return was kept for a year and then set down facing the mountain.',
        'Joining the pieces is slow. Once a month the seven villages meet for one more section, with sickles, a tape measure and rice balls. The young unfold satellite pictures; the old listen for the stream. Where the sound of water crosses from your left ear to your right, they say, there must have been a bridge. They walk over, brush the leaves aside, and there are the stepping stones. A map is the road seen from above. A story is the road heard from inside.',
        'By spring the three hundred ri will be whole. There will be no signposts. Instead a bowl of water will stand beside each of the twenty-two rocks, and whoever comes by may lean. Even with nothing on your back, the groove still knows a shoulder.',
      ],
    },
  },
}
